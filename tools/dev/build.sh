# shellcheck shell=bash
# Building a preset of CMakePresets.json, and running the program.

# A compiled file is reused when the precompiled header is the same, also from another clone of the repository.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

build_jobs() { echo "${DEV_JOBS:-$(nproc)}"; }

configure_preset() {
    [[ ! -f build/$1/build.ninja ]] || return 0
    phase "configure $1" cmake --preset "$1" ||
        die "CMake cannot configure the preset '$1'" "presets: cmake --list-presets; missing packages: ./dev setup"
}

# build_preset <preset> [target...]
build_preset() {
    local preset=$1 target targets=()
    shift
    for target in "$@"; do targets+=(--target "$target"); done
    configure_preset "$preset"
    phase "build $preset" cmake --build --preset "$preset" -j "$(build_jobs)" "${targets[@]}" ||
        die "the $preset build failed" "the first error stands in build/log/build-$preset.log"
}

# Replaces this process, so that signals reach the program itself.
up() {
    setup build
    build_preset release
    exec build/release/bin/orderflow "$@"
}
