# arm64.cmake: builds for 64-bit ARM with Debian's cross compiler; what was built runs under qemu-aarch64.
#
# The libraries are Debian's packages for arm64, unpacked below build/arm64-root by scripts/arm64-root and installed
# nowhere: libsimdjson-dev would replace the machine's own, libc6-dev (through zlib1g-dev) would upgrade others.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

set(triplet aarch64-linux-gnu)
set(compiler_root /usr/${triplet})  # its C and C++ libraries
cmake_path(ABSOLUTE_PATH CMAKE_CURRENT_LIST_DIR NORMALIZE OUTPUT_VARIABLE here)
cmake_path(SET package_root NORMALIZE ${here}/../../build/arm64-root)
if(NOT EXISTS ${package_root}/packages)
  message(FATAL_ERROR "no libraries for arm64 in ${package_root}: scripts/arm64-root fetches them")
endif()

set(CMAKE_FIND_ROOT_PATH ${package_root} ${compiler_root})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_PATH} "")
set(ENV{PKG_CONFIG_LIBDIR} ${package_root}/usr/lib/${triplet}/pkgconfig:${package_root}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${package_root})

# The path is for what libraries need in turn (libpsl: libidn2); programs know their own.
set(CMAKE_CROSSCOMPILING_EMULATOR
  qemu-aarch64 -L ${compiler_root} -E LD_LIBRARY_PATH=${package_root}/usr/lib/${triplet})
