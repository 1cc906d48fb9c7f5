#!/bin/sh
# install_test.sh: installs into an empty prefix, moves it, and builds strangers' programs against it and runs them.
#
# find_package(anonlog): C++ headers, C ABI shared and static. pkg-config: C ABI shared and static, C++ headers.
set -eu
source=${ANONLOG_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${ANONLOG_BUILD_DIR:-$source/build/release}
cc=${ANONLOG_C:-cc}
cxx=${ANONLOG_CXX:-c++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
unset PKG_CONFIG_PATH CMAKE_PREFIX_PATH LD_LIBRARY_PATH

say() { printf '\n== %s\n' "$1"; }

say 'install, then move: nothing may remember the first place'
cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
prefix=$work/prefix
! grep -rIl -e "$work/first" -e "$source" "$prefix" || { echo 'a file names the source tree or the first prefix'; exit 1; }
"$prefix/bin/anonlog" --version

say 'find_package'
cmake -S "$source/tests/install" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" >/dev/null
cmake --build "$work/build" -j 2
for program in headers c_shared c_static; do "$work/build/$program"; done

say 'pkg-config'
PKG_CONFIG_PATH=$(find "$prefix" -type d -name pkgconfig)
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir anonlog)
# shellcheck disable=SC2046  # flags are lists of words
{
  "$cc" -std=c99 -Wall -Wextra -Wpedantic -Werror "$source/tests/install/consumer.c" -o "$work/pc_shared" \
    $(pkg-config --cflags --libs anonlog)
  "$cc" "$source/tests/install/consumer.c" -o "$work/pc_static" \
    $(pkg-config --static --cflags --libs anonlog | sed 's/-lanonlog\b/-l:libanonlog.a/')
  "$cxx" -std=c++20 "$source/tests/install/consumer.cpp" -o "$work/pc_headers" \
    $(pkg-config --cflags --libs anonlog-headers)
}
LD_LIBRARY_PATH=$libdir "$work/pc_shared"
"$work/pc_static"
"$work/pc_headers"
test "$(pkg-config --modversion anonlog)" = "$("$work/pc_headers" | cut -d ' ' -f 1)"

say 'what the libraries show'
shared=$libdir/libanonlog.so
soname=$(readelf -d "$shared" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
test "$soname" = libanonlog.so.0 || { echo "soname is '$soname'"; exit 1; }
nm -D --defined-only "$shared" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort >"$work/shown"
grep -o '\banonlog_[a-z_]*(' "$prefix/include/anonlog.h" | tr -d '(' | sort -u >"$work/documented"
test -s "$work/documented"
diff "$work/documented" "$work/shown"

say 'no sockets (SPEC 4.1, P11)'
for file in "$shared" "$prefix/bin/anonlog"; do
  nm -D --undefined-only "$file" >"$work/needs"
  test -s "$work/needs"
  ! grep -Ew 'socket|connect|bind|listen|accept4?|sendto|getaddrinfo|gethostbyname' "$work/needs" || exit 1
done
echo 'install test: all programs built and ran'
