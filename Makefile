# SPDX-License-Identifier: MIT
# The front door: every command a builder types. `make help` lists them.

O ?= build/default
override O := $(abspath $(O))
export srctree := $(CURDIR)

boards := $(patsubst configs/%_defconfig,%,$(wildcard configs/*_defconfig))

.PHONY: all
all: | $(O)/.config
	@touch -a $(O)/toolchain.mk
	@cd $(O) && { [ -e build.ninja ] || { $(srctree)/scripts/sync-config $(srctree) && \
		$(MAKE) -C $(srctree) -f scripts/build.mk O=$(O) --no-print-directory; }; } && \
		NINJA_STATUS= ninja $(if $(V),-v) $(filter -j%,$(MAKEFLAGS))

$(O)/.config:
	@echo "No configuration yet: taking pc_x86_64_defconfig"
	@$(MAKE) --no-print-directory O=$(O) pc_x86_64_defconfig

.PHONY: %_defconfig
$(boards:%=%_defconfig): %_defconfig:
	@mkdir -p $(O)/include/config $(O)/include/generated
	@cd $(O) && kconfig-conf --defconfig=$(srctree)/configs/$@ Kconfig

ui := menuconfig nconfig
.PHONY: $(ui) oldconfig olddefconfig
menuconfig nconfig: | $(O)/.config
	@cd $(O) && kconfig-$(@:config=) Kconfig
oldconfig olddefconfig: | $(O)/.config
	@cd $(O) && kconfig-conf --$@ Kconfig
