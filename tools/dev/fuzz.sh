# shellcheck shell=bash
# Fuzzing: every libFuzzer target for a while, from its corpus. See fuzz/.

fuzz_targets() { (cd fuzz && printf '%s\n' *_fuzz.cpp | sed 's/\.cpp$//'); }

# fuzz_one <target> <seconds>: what it finds goes to build/fuzz/found/<target>-*, the inputs that it grew to build/fuzz.
fuzz_one() {
    local target=$1 seconds=$2 grown=build/fuzz/corpus/$1
    mkdir -p "$grown" build/fuzz/found
    echo "$target: $seconds s"
    if "build/fuzz/bin/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$target-" "$grown" "fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1; then
        echo "$target: ok, $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log") runs"
    else
        tail -n 40 "build/fuzz/$target.log"
        echo "$target: FAILED; the input lies in build/fuzz/found"
    fi
}

# fuzz_all <seconds>: as many targets at a time as there are processors. Fails when one found something.
fuzz_all() {
    export -f fuzz_one
    rm -rf build/fuzz/found
    fuzz_targets | xargs -P "$(build_jobs)" -I{} bash -c "fuzz_one {} $1"
    ! compgen -G 'build/fuzz/found/*' >/dev/null
}

# fuzz_phase <seconds>: each target counts as a test.
fuzz_phase() {
    local targets=() ok
    mapfile -t targets < <(fuzz_targets)
    build_preset fuzz "${targets[@]}"
    phase "test fuzz" fuzz_all "$1" || true
    ok=$(grep -cE '^[a-z0-9_]+: ok, [1-9][0-9]* runs$' "$log_dir/test-fuzz.log") || ok=0
    passed=$((passed + ok)) failed=$((failed + ${#targets[@]} - ok))
}

# ./dev fuzz [seconds]
fuzz() {
    local seconds=${1:-60}
    [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "'$seconds' is not a number of seconds" "./dev fuzz 600"
    setup build
    fuzz_phase "$seconds"
    finish "$SECONDS"
}
