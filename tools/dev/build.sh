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

# What a person asks for. The presets that only tests run need what tests need, a sanitizer's runtime to begin with.
build_as_asked() {
    case $1 in
        release) setup build ;;
        *) setup test ;;
    esac
    build_preset "$@"
}

# Starts one service in the background and waits until it says that it is ready. Its pid goes to `service`.
start_service() {
    local name=$1 log=$log_dir/$1.log
    : >"$log"
    "build/release/bin/$name" >"$log" 2>&1 &
    service=$!
    until grep -q ' is ready: ' "$log"; do
        kill -0 "$service" 2>/dev/null || die "$name did not start: $(tail -n 1 "$log")" "its log is $log"
        sleep 0.1
    done
    tail -n +1 -f --pid="$service" "$log" | sed -u "s/^/$2$(printf '%-14s' "$name")$plain | /" &
}

# api-service, worker-service and queue-service as processes of their own, over the Amazon SQS protocol, with one log.
# Ctrl-C or SIGTERM stops them, the one that takes orders first.
up_services() {
    local service queue worker api
    mkdir -p "$log_dir"
    start_service queue-service "$faint" && queue=$service
    start_service worker-service "$bold" && worker=$service
    start_service api-service "$green" && api=$service
    # shellcheck disable=SC2064 # the pids of now
    trap "kill -TERM $api; wait $api; kill -TERM $worker; wait $worker; kill -TERM $queue; wait $queue; trap - EXIT" \
        EXIT INT TERM
    wait -n "$queue" "$worker" "$api" || true
}

# Replaces this process, so that signals reach the program itself.
up() {
    case ${1:-} in
        '' | --services | --demo) ;;
        *) die "There is no option $1." "Say ./dev up, with --demo or with --services." ;;
    esac
    setup build
    build_preset release
    if [[ ${1:-} == --services ]]; then
        up_services
        return
    fi
    exec build/release/bin/orderflow "$@"
}
