# SPDX-License-Identifier: MIT
#
# make -f tests/host/sources.mk CONFIG=auto.conf ROOMS="lib/ mm/": prints the sources that the
# Kbuild files of these rooms name in this configuration (scripts/build.mk explains the idiom).

include $(CONFIG)

define read-kbuild
obj-y :=
unhurried-y :=
host-y :=
include $(1)Kbuild
entries.$(1) := $$(or $$(host-y),$$(obj-y) $$(unhurried-y))
endef

visit = $(eval $(call read-kbuild,$(1)))$(foreach entry,$(entries.$(1)),\
	$(if $(filter %/,$(entry)),$(call visit,$(1)$(entry)),$(1)$(entry:.o=.c)))

.PHONY: print
print:
	@echo $(foreach room,$(ROOMS),$(call visit,$(room)))
