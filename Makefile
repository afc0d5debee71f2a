# SPDX-License-Identifier: MIT
#
# The front door: every command a builder types. `make help` lists them.
#
# Nothing is built here. scripts/configure writes .config, scripts/build.mk makes build.ninja from
# the Kbuild files, and Ninja does the rest; all of it in the output folder. A line that ends in a
# text behind two number signs is what `make help` prints.

O ?= build/default
folder-given := $(filter command environment,$(firstword $(origin O)))
override O := $(abspath $(O))
export srctree := $(CURDIR)

MAKEFLAGS += -rR
.NOTPARALLEL:
.DEFAULT_GOAL := all

ifneq ($(words $(O) $(srctree)),2)
$(error The path of the tree or of the output folder has a space in it; neither may have one)
endif
# An output folder can be removed with all that is in it.
ifneq ($(filter $(O:/=)/%,$(srctree)/),)
$(error The output folder $(O) has the tree in it; take a folder of its own, for instance O=build/default)
endif
sources := Kbuild Kconfig *.c *.h *.md *_defconfig
ifneq ($(if $(wildcard $(O)/.config),,$(and $(filter $(srctree)/%,$(O)),$\
	$(wildcard $(addprefix $(O)/,$(sources)) $(addprefix $(O)/*/,$(sources))))),)
$(error The output folder $(O) has sources in it; take a folder of its own, for instance O=build/default)
endif

boards := $(sort $(patsubst configs/%_defconfig,%,$(wildcard configs/*_defconfig)))
default-board := pc_x86_64

# --- The command line -----------------------------------------------------------------------------

# What can be given as NAME=value; everything else is an option of the kernel, which needs `set`.
variables := O V APP CC CROSS_COMPILE CCACHE WERROR DEFCONFIG FRAGMENTS SEED APPEND BOARDS \
	CHOICE ALL VARIANTS BASELINE
variables += LEVEL COUNT SHARD RESULTS
given := $(sort $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$\
	$(filter-out -%,$(name)))))
options := $(filter-out $(variables),$(given))
Q := $(if $(V),,@)
quote = '$(subst ','\'',$(1))'
# An argument for a script, where the variable is given on the command line.
argument = $(if $(filter command,$(firstword $(origin $(1)))),$(2)=$(call quote,$($(1))))
jobs = $(filter-out -j,$(filter -j%,$(MAKEFLAGS)))

ifneq ($(options),)
ifeq ($(filter set,$(MAKECMDGOALS)),)
$(error $(firstword $(options)) is not for this target: `make set $(firstword $(options))=...` \
	changes an option of the kernel, `make help` lists the other variables)
endif
endif

# `make diffconfig A B`: A and B are no targets.
ifeq ($(firstword $(MAKECMDGOALS)),diffconfig)
compared := $(wordlist 2,$(words $(MAKECMDGOALS)),$(MAKECMDGOALS))
.PHONY: $(compared)
$(compared):
	@:
endif

# The choice of compiler, from the command line or the environment, is remembered in the output
# folder until another one is made. So is the tree, which may have moved.
remembered := CC CROSS_COMPILE CCACHE WERROR
$(foreach name,$(remembered),$(if $(filter environment,$(origin $(name))),$\
	$(eval override $(name) := $(value $(name)))))
# An application is remembered like it, but many an environment has an APP that means something else.
ifeq ($(origin APP),environment)
undefine APP
endif
-include $(O)/toolchain.mk
define newline


endef
override APP := $(abspath $(APP))
override APP_KCONFIG := $(if $(and $(APP),$(wildcard $(APP)/Kconfig)),$(APP),kernel/application/none)
export APP_DIR := $(APP)
export APP_KCONFIG
application := $(newline)APP := $(APP)$(newline)APP_KCONFIG := $(APP_KCONFIG)
toolchain := \# For $(srctree), by make. `make NAME=value` changes it.$(foreach name,$(remembered),$\
	$(if $(filter command file override,$(firstword $(origin $(name)))),$\
	$(newline)$(name) := $(strip $($(name)))))$(application)

# What is wrong with the application's folder, if anything.
application-fault := $(strip $\
	$(if $(word 2,$(APP)),has a space in its path,$\
	$(if $(APP),$(if $(wildcard $(APP)/.),$(if $(wildcard $(APP)/Kbuild),,$\
		has no Kbuild file to say what to compile (obj-y += name.o)),$\
		does not exist))))
check-application = $(if $(application-fault),$\
	{ echo "APP=$(APP) $(application-fault); APP= forgets the application" >&2; exit 1; } &&)

# What is remembered now, and whether .config was made for another application.
known := $(newline)$(or $(file <$(O)/toolchain.mk),$\
	$(newline)APP := $(newline)APP_KCONFIG := kernel/application/none)$(newline)
application-changed := $(if $(findstring $(application)$(newline),$(known)),,yes)
remember = printf '%b\n' $(call quote,$(subst $(newline),\n,$(toolchain))) >$(O)/toolchain.mk && \
	rm -f $(O)/build.ninja

# These remember an application as soon as there is a configuration for it.
need := scripts/need
configure = $(check-application) $(need) /usr/bin/python3 && \
	scripts/configure -o $(O) $(1)$(if $(application-changed), && $(remember))
kconfig = $(check-application) $(need) kconfig-$(1) && cd $(O) && \
	mkdir -p include/config include/generated && \
	kconfig-$(1) $(2) Kconfig$(if $(application-changed), && $(remember))
say-written = echo "configuration written to $(patsubst $(srctree)/%,%,$(O))/.config"

# A configuration to work on: the default board's where there is none yet. One that was made for
# another application loses that one's options, and says so.
ifeq ($(compared),)
ifneq ($(and $(application-changed),$(wildcard $(O)/.config)),)
.PHONY: $(O)/.config
$(O)/.config:
	$(Q)$(call configure,olddefconfig)
else
$(O)/.config:
	@echo "No configuration yet: taking $(default-board)_defconfig (make help lists the boards)"
	$(Q)$(call configure,defconfig configs/$(default-board)_defconfig)
endif
endif

##@ Configure
menuconfig nconfig: $(O)/.config	## change options in a menu (two looks)
	$(Q)$(call kconfig,$(patsubst %enuconfig,%conf,$(@:nconfig=nconf)))

%_defconfig:	## begin with a board (they are listed below)
	$(Q)[ -e configs/$@ ] || { echo "configs/$@ does not exist; the boards are: $(boards)" >&2; exit 1; }
	$(Q)$(call configure,defconfig configs/$@)
	$(Q)$(say-written)

defconfig:	## begin with your own files: DEFCONFIG=file FRAGMENTS="file..."
	$(Q)$(call configure,defconfig $(or $(DEFCONFIG),configs/$(default-board)_defconfig) $(FRAGMENTS))
	$(Q)$(say-written)

set: $(O)/.config	## change options: make set NAME=value...
	$(Q)$(call configure,set $(foreach name,$(options),$(call quote,$(name)=$(value $(name)))))

oldconfig: $(O)/.config	## ask about options that are new
	$(Q)$(call kconfig,conf,--oldconfig)

olddefconfig: $(O)/.config	## take the default for options that are new, drop what is gone
	$(Q)$(call configure,olddefconfig)

alldefconfig:	## every option at its default (FRAGMENTS="file..." on top)
allnoconfig:	## as little as possible (FRAGMENTS)
allyesconfig:	## as much as possible (FRAGMENTS)
alldefconfig allnoconfig allyesconfig:
	$(Q)$(call configure,$@ $(FRAGMENTS))
	$(Q)$(say-written)

randconfig:	## any valid configuration; SEED=number repeats it (FRAGMENTS)
	$(Q)seed=$(if $(SEED),$(call quote,$(SEED)),$$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')) && \
	echo "randconfig: SEED=$$seed" && $(call configure,randconfig "$$seed" $(FRAGMENTS))
	$(Q)$(say-written)

savedefconfig: $(O)/.config	## write what differs from the defaults to DEFCONFIG=file
	$(Q)$(call kconfig,conf,--savedefconfig=$(saved))
	@echo "written to $(saved:$(srctree)/%=%)"
savedefconfig: saved = $(abspath $(or $(DEFCONFIG),$(O)/defconfig))

listnewconfig: $(O)/.config	## list the options that .config does not mention yet
	$(Q)$(call kconfig,conf,--listnewconfig)

diffconfig:	## options that differ: make diffconfig A B (files, output folders or boards)
	$(Q)$(need) /usr/bin/python3 && scripts/configure diff $(compared)

##@ Build

# build.ninja brings the configuration and itself up to date; it is made here the first time and
# for another compiler or application. A choice of compiler that fails is forgotten.
build = $(check-application) $(if $(subst x$(toolchain),,x$(file <$(O)/toolchain.mk)),$\
		$(remember) &&) \
	{ command -v ninja >/dev/null || scripts/need ninja; } && cd $(O) && \
	{ [ -e build.ninja ] || { $(srctree)/scripts/sync-config $(srctree) && \
		MAKEFLAGS= $(MAKE) -C $(srctree) -f scripts/build.mk O=$(O) --no-print-directory; } || \
		{ sed -i '/^APP/!d' toolchain.mk; exit 1; }; } && \
	NINJA_STATUS= ninja $(if $(V),-v) $(jobs)

all: $(O)/.config	## build the kernel: tessera.elf, .map and .sym (what plain `make` does)
	$(Q)$(build)

# The programs, where the loader is to hand them over (INITRAMFS_IN_IMAGE).
loader-archive = $(shell awk -F = '{ option[$$1] = $$2 } \
	END { if (option["CONFIG_USER_MODE"] == "y" && option["CONFIG_INITRAMFS_IN_IMAGE"] != "y") \
		print "-i $(O)/initramfs.cpio" }' $(O)/.config)

iso: all	## a BIOS and UEFI disc image, tessera.iso; APPEND="words" for the kernel
	$(Q)scripts/make-iso -a $(call quote,$(APPEND)) $(loader-archive) $(O)/tessera.elf $(O)/tessera.iso

size: all	## sizes by room, file and symbol; BASELINE=before: what differs
	$(Q)scripts/size-report $(if $(V),--all) $(call argument,BASELINE,--baseline) $(O)

compile_commands.json: $(O)/.config	## the compiler's command lines, for editors
	$(Q)$(build) build.ninja && ninja -t compdb cc as >$@
	@echo "written to $(O:$(srctree)/%=%)/$@"

clean:	## remove what was built; the configuration stays
	$(Q)$(call remove,-mindepth 1 -maxdepth 1 ! -name .config ! -name toolchain.mk)

mrproper:	## remove the whole output folder
	$(Q)$(call remove,-maxdepth 0)

# Removes below the output folder, and only if it is one.
remove = [ ! -d $(O) ] || { [ -e $(O)/.config ] || [ -e $(O)/build.ninja ] || \
	{ echo "$(O) is no output folder of this tree; nothing removed" >&2; exit 1; }; } && \
	[ ! -d $(O) ] || find $(O) $(1) -exec rm -rf {} +

##@ Run

run: all	## boot directly; APPEND="words" for the kernel
	$(Q)scripts/run -o $(O) --append $(call quote,$(APPEND))

run-iso: iso	## boot through GRUB, from the disc image
	$(Q)scripts/run -o $(O) --iso

debug: all	## boot under gdb
	$(Q)scripts/run -o $(O) --append $(call quote,$(APPEND)) --debug

##@ Check

# These build many configurations, each in a folder of its own below one.
many = MAKEFLAGS= scripts/$(1) $(if $(folder-given),-o $(O)) $(jobs)

check:	## every test that must pass before a change goes in (below 20 minutes)
	$(Q)$(call many,check)

check-all:	## every test there is
	$(Q)$(call many,check) --all

bench:	## measure every board, or BOARDS="...", in guest instructions
	$(Q)$(call many,bench) $(BOARDS)

check-configs:	## every pair of options (LEVEL=2|3|all|random COUNT SEED SHARD=k/n BOARDS)
	$(Q)$(call many,check-configs) $(if $(LEVEL),--level $(LEVEL)) $(if $(COUNT),--count $(COUNT)) \
		$(if $(SEED),--seed $(SEED)) $(if $(SHARD),--shard $(SHARD)) \
		$(if $(BOARDS),--boards $(call quote,$(BOARDS)))

merge-results:	## join the results of shards: RESULTS="folder..."
	$(Q)$(if $(RESULTS),,echo 'merge-results needs RESULTS="folder...": the output folders of the shards' >&2; exit 1;) \
	$(call many,check-configs) --merge $(RESULTS)

check-kconfig:	## do options, sources and build files agree
	$(Q)scripts/check-kconfig

coverage:	## which lines the configurations of check-configs run (BOARDS)
	$(Q)$(call many,coverage) $(if $(BOARDS),--boards $(call quote,$(BOARDS)))

bench-baseline:	## measure, and let `make check` compare with it (BOARDS)
	$(Q)$(call many,bench) --write-baseline $(BOARDS)

# Each of its words that is given, be it empty; scripts/compare says what is wrong with one.
compare: $(if $(BOARDS),,$(O)/.config)	## variants side by side: CHOICE or ALL=y, BOARDS, VARIANTS, BASELINE
	$(Q)$(need) /usr/bin/python3 && MAKEFLAGS= scripts/compare -o $(O) $(jobs) \
		$(call argument,CHOICE,--choice) $(call argument,BOARDS,--boards) $(call argument,VARIANTS,--variants) \
		$(call argument,BASELINE,--baseline) $(call argument,ALL,--all)

lint:	## layout of the C sources, and shellcheck
	$(Q)scripts/lint

format:	## lay the C sources out
	$(Q)scripts/lint --fix

##@ Help

help:	## this list
	@awk -F '\t## ' ' \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		NF == 2 && /^[a-z%]/ { sub(/:.*/, "", $$1); sub(/%/, "BOARD", $$1); \
			printf "  %-22s %s\n", $$1, $$2 } \
	' Makefile
	@printf '\nBoards: %s\n' '$(boards)'
	@printf '\nFor every target: O=folder (now %s), V=1 shows commands, -jN runs N at once.\n' \
		'$(O:$(srctree)/%=%)'
	@echo 'Remembered in the folder: CC=clang, CROSS_COMPILE=prefix, CCACHE= (none), WERROR=1,'
	@echo 'and APP=dir, a folder with an application that is linked into the kernel (APP= forgets it).'

.PHONY: menuconfig nconfig defconfig set oldconfig olddefconfig alldefconfig allnoconfig allyesconfig
.PHONY: randconfig savedefconfig listnewconfig diffconfig all iso size compile_commands.json clean
.PHONY: mrproper run run-iso debug check check-all bench bench-baseline compare lint format help
.PHONY: check-configs merge-results check-kconfig coverage
