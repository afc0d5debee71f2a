# SPDX-License-Identifier: MIT
#
# Evaluates every Kbuild file of one configuration into build.ninja.
#
#	make -f scripts/build.mk O=/absolute/output/folder	(in the top folder of the tree)
#
# Theory of operation. Nothing is built here: this file knows what is to be built and with which
# flags, Ninja does it. A Kbuild file names what its folder adds to the kernel:
#
#	obj-y += log.o				compiled from log.c or log.S beside the Kbuild file
#	obj-$(CONFIG_MONITOR) += monitor.o	only where the option is y
#	obj-y += page_alloc/			a folder with a Kbuild file of its own
#	ccflags-y += -fno-builtin		flags for every file of this folder
#	CFLAGS_string.o := -O2			flags for one file; they come last
#	unhurried-y += panic.o			what waits for people or devices anyway, or runs once
#	DEPENDS_config.o := .config		what else the object is made from (output folder)
#
# and may use $(srctree), $(src), its own folder, and every CONFIG_ option. With USER_MODE it also names
# what its folder adds to the programs in the initramfs:
#
#	install := bin/				where the programs of this file go (empty: the top)
#	program-y += ls				a program, from ls.c or from all sources of the folder ls/
#	library-y += stdio.o			part of the runtime library that programs are linked with
#	files-y += malformed			the files that the script malformed puts into a folder, when it
#						has been given that and a program (true)
#
# Objects of programs lie in programs/, whatever they are called in the tree, and the linked programs in
# initramfs/, as they do in the archive that scripts/make-initramfs makes of them.
#
# The unhurried objects of a folder are one, unhurried.o, from a source that includes theirs: half of the
# time that the compiler takes for a short file goes before the first line. So the static names of these
# files are all different. Each can be compiled by itself, too (`ninja kernel/panic.o`), but nothing needs it.
#
# An application (`make APP=folder`) lies outside the tree, and is to the build as if it lay in app/:
# so its objects are called, and so `visit` goes through it; only `place` knows where it is.
#
# `visit` reads the Kbuild file of a folder as part of this makefile, remembers what it set, and
# goes down into its folders; the objects end up in link order. Then the rules are printed.
#
# build.ninja depends on the Kbuild files, the options and the choice of compiler, and makes itself
# anew (by this file) when one of them changes; the options depend on .config and the Kconfig files.
# So `ninja` alone, in the output folder, always does everything that is needed. Ninja runs the
# commands in the output folder, with absolute paths for sources and relative ones for outputs:
# messages can be clicked, and ccache sees the same command line in every output folder.
#
# Objects depend on single options, not on the whole configuration: see scripts/fixdep.

all: $(O)/build.ninja

srctree := $(CURDIR)
define newline


endef

# --- What is to be built, with what ---------------------------------------------------------------

include $(O)/include/config/auto.conf
-include $(O)/include/config/auto.conf.cmd
-include $(O)/toolchain.mk

ARCH_DIR := $(CONFIG_ARCH_DIR:"%"=%)
include arch/$(ARCH_DIR)/Makefile.arch

# `gcc` means the gcc of the architecture.
ifneq ($(filter default undefined,$(origin CC))$(filter gcc cc,$(CC)),)
CC := $(CROSS_COMPILE)gcc
endif
LD := $(CROSS_COMPILE)ld
NM := $(CROSS_COMPILE)nm
AR := $(CROSS_COMPILE)ar
STRIP := $(CROSS_COMPILE)strip
CCACHE ?= $(shell command -v ccache)

missing := $(shell scripts/need $(CC) $(LD) $(if $(CONFIG_KERNEL_SYMBOLS),readelf) $(if $(CONFIG_USER_MODE),cpio) 2>&1)
$(if $(missing),$(error $(missing)))

# --- Flags ----------------------------------------------------------------------------------------

# The host's macros and headers stay out: only the compiler's own freestanding ones come in.
freestanding := $(realpath $(shell $(CC) -print-file-name=include))
cppflags := -nostdinc -isystem $(freestanding) \
	-I$(srctree)/include -I$(srctree)/include/uapi \
	-I$(srctree)/arch/$(ARCH_DIR)/include -I$(srctree)/arch/$(ARCH_DIR)/include/uapi \
	-Iinclude -include generated/autoconf.h -include tessera/kconfig.h \
	-Ulinux -U__linux -U__linux__ -U__gnu_linux__ -Uunix -U__unix -U__unix__ \
	-ffile-prefix-map=$(srctree)/=

cflags-y := -std=gnu11 -ffreestanding \
	-Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes -Wno-unused-parameter \
	-fno-common -fno-strict-aliasing -fno-stack-protector \
	-fno-delete-null-pointer-checks -fno-asynchronous-unwind-tables \
	-ffunction-sections -fdata-sections
cflags-$(CONFIG_OPTIMIZE_SPEED) += -O2
cflags-$(CONFIG_OPTIMIZE_SIZE) += -Os
# For what is unhurried: it compiles in two thirds of the time.
unhurried-flags := $(if $(CONFIG_OPTIMIZE_SPEED),-O1 $(if $(findstring clang,$(CC)),,-finline-small-functions))
cflags-$(CONFIG_FRAME_POINTER) += -fno-omit-frame-pointer
cflags-$(CONFIG_DEBUG_INFO) += -g
cflags-y += $(if $(filter-out 0 n,$(WERROR)),-Werror)
arch-flags += -fno-pic -fno-pie
# Debug information names the output folder as the place of compilation; any name will do.
arch-flags += $(if $(CONFIG_DEBUG_INFO),-ffile-prefix-map=$(O)=.)
ifneq ($(findstring clang,$(CC)),)
arch-flags += $(if $(clang-target),--target=$(clang-target)) -Wno-unused-command-line-argument
endif

ldflags := $(arch-ldflags) -nostdlib -static --build-id=none -z noexecstack --gc-sections \
	--no-warn-rwx-segments --fatal-warnings
# Nothing refers to the configuration, but it is to stay.
ldflags += $(if $(CONFIG_KCONFIG_IN_IMAGE),--undefined=kernel_config)

# Programs see the user ABI and the runtime library's headers, and nothing of the configuration: the same
# program runs on every kernel of an architecture. The library may use the portable headers of the
# kernel, and shares the sources of lib/.
user-arch-flags += -fno-pic -fno-pie
user-cppflags := -nostdinc -isystem $(freestanding) \
	-I$(srctree)/user/include -I$(srctree)/user/arch/$(user-arch)/include \
	-I$(srctree)/include/uapi -I$(srctree)/arch/$(ARCH_DIR)/include/uapi \
	-Ulinux -U__linux -U__linux__ -U__gnu_linux__ -Uunix -U__unix -U__unix__ \
	-ffile-prefix-map=$(srctree)/= $(filter --target=%,$(arch-flags)) \
	$(filter -ffile-prefix-map=% -Wno-unused-command-line-argument,$(arch-flags)) $(user-arch-flags)
user-cflags := -O2 $(filter-out -O% -fno-omit-frame-pointer,$(cflags-y))
library-cflags := -I$(srctree)/include
user-ldflags := $(arch-ldflags) -nostdlib -static --build-id=none -z noexecstack -z noseparate-code \
	--gc-sections --fatal-warnings

# --- Kbuild files ---------------------------------------------------------------------------------

# $(call place,path): where a file or folder that the build calls so lies; absolute for the
# application's, else from the top of the tree. $(call in-ninja,paths): the same for Ninja.
place = $(if $(filter app/%,$(1)),$(1:app/%=$(APP)/%),$(1))
in-ninja = $(foreach path,$(1),$(if $(filter /%,$(path)),$(path),$$srctree/$(path)))

# $(call read-kbuild,folder/): sets entries.folder/ and, for each object, flags. and depends.
define read-kbuild
src := $(patsubst %/,%,$(call place,$(1)))
obj-y :=
unhurried-y :=
program-y :=
library-y :=
files-y :=
install :=
ccflags-y :=
include $(call place,$(1))Kbuild
kbuild-files += $(call place,$(1))Kbuild
parts.$(1)unhurried.o := $$(addprefix $(1),$$(unhurried-y))
obj-y += $$(if $$(unhurried-y),unhurried.o)
entries.$(1) := $$(obj-y)
library := $$(library) $$(addprefix $(1),$$(library-y))
generated := $$(generated) $$(foreach name,$$(files-y),files/$$(install)$$(name):$(1)$$(name))
$$(foreach name,$$(program-y),$$(eval $$(call keep-program,$(1),$$(name))))
$$(foreach object,$$(unhurried-y),$$(if $$(CFLAGS_$$(object))$$(DEPENDS_$$(object)),$$(error \
	$(call place,$(1))Kbuild names $$(object) unhurried, so it is compiled with others, and sets CFLAGS_$$(object) \
	or DEPENDS_$$(object): make it obj-y, or set ccflags-y for the folder)))
$$(foreach object,$$(unhurried-y) unhurried.o,$$(eval CFLAGS_$$(object) += $(unhurried-flags)))
$$(foreach object,$$(filter %.o,$$(obj-y) $$(unhurried-y)),$$(eval $$(call keep-object,$(1),$$(object))))
endef

# A program, and the objects it is linked from.
define keep-program
programs := $$(programs) initramfs/$$(install)$(2)
program-folders += $(wildcard $(1)$(2)/)
objects.initramfs/$$(install)$(2) := $(or $(patsubst %.c,%.o,$(sort $(wildcard $(1)$(2).c $(1)$(2)/*.c))),$(error \
	$(1)Kbuild names the program $(2), but there is no $(1)$(2).c and no source in $(1)$(2)/))
endef

define keep-object
flags.$(1)$(2) := $$(strip $(if $(filter app/%,$(1)),$(app-flags)) $$(ccflags-y) $$(CFLAGS_$(2)))
depends.$(1)$(2) := $$(DEPENDS_$(2))
undefine CFLAGS_$(2)
undefine DEPENDS_$(2)
endef

# $(call visit,folder/,who names it): the objects of the folder and of those below, in link order.
visit = $(if $(wildcard $(call place,$(1))Kbuild),,$(error \
	$(2) names $(call place,$(1)), which has no Kbuild file))$(strip \
	$(eval $(call read-kbuild,$(1)))$(foreach entry,$(entries.$(1)),$(if $(filter %/,$(entry)),\
		$(call visit,$(1)$(entry),$(call place,$(1))Kbuild),$(1)$(entry))))

# The source of an object: .c or .S.
source-of = $(call source-beside,$(call place,$(1)))
source-beside = $(or $(firstword $(wildcard $(1:.o=.c) $(1:.o=.S))),$(error \
	$(dir $(1))Kbuild names $(notdir $(1)), but there is no $(1:.o=.c) and no $(1:.o=.S)))

$(if $(APP),$(if $(CONFIG_APP),,$(error \
	APP=$(APP) needs Threads: `make set THREADS=y`, or `make APP=` without the application)))
app-flags := -iquote $(APP) -ffile-prefix-map=$(APP)/=app/
app-objects := $(if $(CONFIG_APP),$(call visit,app/,APP))
objects := $(call visit,,Kbuild) $(app-objects)
asm-offsets := $(wildcard arch/$(ARCH_DIR)/asm-offsets.c)
offsets-header := $(if $(asm-offsets),include/generated/asm-offsets.h)

# A builder's own files go into the archive too; a folder counts as changed when a name in it comes or goes.
initramfs-source := $(if $(CONFIG_USER_MODE),$(CONFIG_INITRAMFS_SOURCE:"%"=%))
ifneq ($(initramfs-source),)
initramfs-source := $(abspath $(initramfs-source))
$(if $(wildcard $(initramfs-source)/.),,$(error \
	INITRAMFS_SOURCE="$(initramfs-source)" is no folder: `make set INITRAMFS_SOURCE=folder` names another, \
	`make set INITRAMFS_SOURCE=` none))
endif
find-sources = $(if $(initramfs-source),$(shell find $(initramfs-source) $(1) | sed 's/[ $$:]/$$&/g'))
initramfs-folders := $(call find-sources,-type d)

# What the configuration and build.ninja are made from.
configured-by := $(call in-ninja,$(deps_config) scripts/sync-config)
generated-by := $(call in-ninja,$(kbuild-files) arch/$(ARCH_DIR)/Makefile.arch \
	scripts/build.mk $(program-folders)) $(freestanding)/stddef.h $(initramfs-folders)

with-options = $(objects) $(offsets-header) arch/$(ARCH_DIR)/kernel.lds

# --- build.ninja ----------------------------------------------------------------------------------

# One object; an assembly source waits for the offsets, which it may include.
define object-rule
build $(1): cc $(call in-ninja,$(2)) | $(depends.$(1))
  flags = $(flags.$(1))

endef
define assembly-rule
build $(1): as $(call in-ninja,$(2)) | $(depends.$(1)) $(if $(offsets-header),|| $(offsets-header))
  flags = $(flags.$(1))

endef
rule-for = $(call $(if $(filter %.S,$(2)),assembly,object)-rule,$(1),$(2))
# Several as one, and each by itself. The tag of the log is each file's own.
define unhurried-rule
build $(1:.o=.c): include
  sources = $(foreach part,$(2),$(call in-ninja,$(call source-of,$(part))))
build $(1): cc $(1:.o=.c)
  flags = $(flags.$(1))

$(foreach part,$(2),$(call object-rule,$(part),$(call source-of,$(part))))
endef

define asm-offsets-rule
build include/generated/asm-offsets.h: asm_offsets $$srctree/$(asm-offsets)
endef

# With a symbol table the kernel is linked twice; the table must come out the same both times.
define symbols-rule
build kernel.first.elf: ld $(objects) | $$lds $(app-entry)
  map = $(foreach name,count offsets name_offsets names,--defsym=kernel_symbol_$(name)=__text_start)
build kernel_symbols.S: mksymbols kernel.first.elf | $$srctree/scripts/mksymbols
build kernel_symbols.o: as_plain kernel_symbols.S
build tessera.elf | tessera.map: ld_final $(objects) kernel_symbols.o | $$lds kernel_symbols.S
endef
define no-symbols-rule
build tessera.elf | tessera.map: ld $(objects) | $$lds $(app-entry)
  map = -Map=tessera.map
endef

# The linker would name a missing entry function, but not what to do about it.
app-entry := $(if $(CONFIG_APP),app/entry)
define app-entry-rule
build app/entry: app_entry $(app-objects)
endef

# Programs: their objects, the library, each of them linked, and all of them packed.
program-objects = $(sort $(foreach program,$(programs),$(objects.$(program))))
define program-object-rule
build programs/$(1): $(if $(filter %.S,$(2)),as,cc)_program $(call in-ninja,$(2))
  flags = $(3)

endef
define program-rule
build $(1) | $(1:initramfs/%=programs/%): ld_program $(addprefix programs/,$(objects.$(1))) programs/library.a
  program = $(1:initramfs/%=programs/%)

endef
define files-rule
build $(1).made: files $$srctree/$(2) initramfs/bin/true
  script = $$srctree/$(2)
  folder = $(1)

endef
define programs-rules
$(foreach object,$(library),$(call program-object-rule,$(object),$(call source-of,$(object)),$(library-cflags)))
$(foreach object,$(program-objects),$(call program-object-rule,$(object),$(call source-of,$(object))))
build programs/library.a: ar $(addprefix programs/,$(library))
$(foreach program,$(programs),$(call program-rule,$(program)))
$(foreach pair,$(generated),$(call files-rule,$(firstword $(subst :, ,$(pair))),$(lastword $(subst :, ,$(pair)))))
build initramfs.cpio: initramfs $(programs) | $$srctree/scripts/make-initramfs $
$(foreach pair,$(generated),$(firstword $(subst :, ,$(pair))).made) $(call find-sources)
default initramfs.cpio
endef

define build-ninja
# Made by scripts/build.mk from the Kbuild files.
ninja_required_version = 1.10
builddir = .
srctree = $(srctree)
cppflags = $(cppflags) $(arch-flags)
cflags = $(cflags-y) $(arch-cflags)
ldflags = $(ldflags)
lds = arch/$(ARCH_DIR)/kernel.lds

rule cc
  command = $(CCACHE) $(CC) $$cppflags $$cflags $$flags -MMD -MF $$out.d -c $$in -o $$out
  depfile = $$out.d
  description = CC      $$out
rule include
  command = printf '#undef LOG_TAG\n#include "%s"\n' $$sources >$$out
  description = GEN     $$out
rule as
  command = $(CCACHE) $(CC) -D__ASSEMBLY__ $$cppflags $(filter -g,$(cflags-y)) $$flags $
-MMD -MF $$out.d -c $$in -o $$out
  depfile = $$out.d
  description = AS      $$out
rule as_plain
  command = $(CC) $(arch-flags) -c $$in -o $$out
  description = AS      $$out
rule lds
  command = $(CC) -E -P -D__ASSEMBLY__ -D__LINKER_SCRIPT__ $$cppflags -MMD -MF $$out.d -MT $$out $
-x assembler-with-cpp $$in -o $$out
  depfile = $$out.d
  description = LDS     $$out
rule asm_offsets
  command = $(CC) $$cppflags $$cflags -MMD -MF $$out.d -MT $$out -S $$in -o $$out.s && $
sed -n 's/^.*"->\([A-Za-z0-9_]*\) [$$$$]*\([-0-9]*\)".*/#define \1 \2/p' $$out.s >$$out.new && $
{ cmp -s $$out.new $$out || cp $$out.new $$out; }
  depfile = $$out.d
  restat = 1
  description = OFFSETS $$out
rule ld
  command = $(LD) $$ldflags -T $$lds $$map -o $$out $$in
  description = LD      $$out
rule ld_final
  command = $(LD) $$ldflags -T $$lds -Map=tessera.map -o tessera.elf $$in && $
{ $$srctree/scripts/mksymbols tessera.elf | cmp -s - kernel_symbols.S || $
{ echo "$$lds.S: the symbol table moved a function; .rodata must come behind .text" >&2; $
rm -f tessera.elf; exit 1; }; }
  description = LD      tessera.elf
rule app_entry
  command = $(NM) $$in </dev/null | grep ' T application_main$$$$' >$$out || $
{ rm -f $$out; echo "APP=$(APP) does not define int application_main(void), which its thread $
calls: see include/tessera/application.h" >&2; exit 1; }
  description = ENTRY   $$out
rule mksymbols
  command = $$srctree/scripts/mksymbols $$in >$$out
  description = SYMBOLS $$out
# nm does not see that the disk is full, printf does.
rule nm
  command = names=$$$$($(NM) -n $$in) && printf '%s\n' "$$$$names" >$$out
  description = NM      $$out
rule cc_program
  command = $(CCACHE) $(CC) $(user-cppflags) $(user-cflags) $$flags -MMD -MF $$out.d -c $$in -o $$out
  depfile = $$out.d
  deps = gcc
  description = CC      $$out
rule as_program
  command = $(CC) -D__ASSEMBLY__ $(user-cppflags) $(filter -g,$(cflags-y)) $$flags $
-MMD -MF $$out.d -c $$in -o $$out
  depfile = $$out.d
  deps = gcc
  description = AS      $$out
rule ar
  command = rm -f $$out && $(AR) rcD $$out $$in
  description = AR      $$out
rule ld_program
  command = $(LD) $(user-ldflags) -e _start -u _start -o $$program $$in && $(STRIP) -o $$out $$program
  description = LD      $$out
rule files
  command = rm -rf $$folder && $$script $$folder initramfs/bin/true && touch $$out
  description = FILES   $$folder
rule initramfs
  command = $$srctree/scripts/make-initramfs initramfs.cpio $
"$(strip $(if $(strip $(generated)),files) $(initramfs-source))" $$in
  description = CPIO    $$out
rule fixdep
  command = $$srctree/scripts/fixdep $(addsuffix .d,$(with-options)) && touch $$out
  description = FIXDEP
rule config
  command = APP_DIR=$(APP) APP_KCONFIG=$(APP_KCONFIG) $$srctree/scripts/sync-config $$srctree
  description = CONFIG  .config
  generator = 1
rule generate
  command = MAKEFLAGS= $(MAKE) -C $$srctree -f scripts/build.mk O=$(O) --no-print-directory
  description = GEN     build.ninja
  generator = 1
  restat = 1

build include/config/auto.conf | include/generated/autoconf.h: config | .config $(configured-by)
build build.ninja: generate | include/config/auto.conf toolchain.mk $(generated-by)
# Of these some may be gone, which is a reason to look again and not an error.
build $(configured-by) $(generated-by): phony

$(if $(asm-offsets),$(asm-offsets-rule))
$(subst $(newline) build,$(newline)build,$(foreach object,$(objects),$(if $(parts.$(object)),$
$(call unhurried-rule,$(object),$(parts.$(object))),$
$(call rule-for,$(object),$(call source-of,$(object))))))
$(if $(CONFIG_APP),$(app-entry-rule))
build $$lds: lds $$srctree/arch/$(ARCH_DIR)/kernel.lds.S
$(if $(CONFIG_KERNEL_SYMBOLS),$(symbols-rule),$(no-symbols-rule))
build tessera.sym: nm tessera.elf
$(if $(CONFIG_USER_MODE),$(subst $(newline) build,$(newline)build,$(programs-rules)))
build fixed.d: fixdep $(with-options) | $$srctree/scripts/fixdep
default tessera.elf tessera.sym fixed.d$(newline)
endef

$(O)/build.ninja: FORCE
	$(file >$@.new,$(build-ninja))
	@mv $@.new $@
FORCE:
.PHONY: all FORCE
