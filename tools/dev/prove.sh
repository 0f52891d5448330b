# shellcheck shell=bash
# ./dev prove: leaves out one safeguard after the other and shows the test that goes red. The rows are those of
# docs/safeguards.md.

readonly prove_table=docs/safeguards.md
readonly prove_bin=build/breakable/bin
# Without a safeguard a test may also wait for ever.
readonly prove_seconds_max=60

prove_usage() {
    cat <<'TEXT'
Usage: ./dev prove [safeguard...]      all of them, or those named
       ./dev prove --list              their names

Builds the tests of docs/safeguards.md with ORDERFLOW_BREAKABLE, runs each as it is (it must pass) and then without its
safeguard (it must fail).
TEXT
}

# prove_rows: "safeguard program filter" in the order of the table.
prove_rows() {
    awk -F' *[|] *' '/^[|] `/ { gsub(/`/, ""); print $2, $5, $6 }' "$prove_table"
}

# prove_run <program> <filter> [safeguard]: the exit code of the test; 99 when the filter names none.
prove_run() {
    local program=$1 filter=$2 left_out=${3:-} code=0 log="$log_dir/prove-${3:-$1}.log"
    { # the shell's own word on how a program ended is no news here
        ORDERFLOW_BREAK=$left_out timeout "$prove_seconds_max" "$prove_bin/$program" --gtest_brief=1 \
            --gtest_filter="$filter" >"$log" 2>&1 || code=$?
    } 2>/dev/null
    if ((code == 0)) && ! grep -q 'PASSED  \] [1-9]' "$log"; then code=99; fi
    return "$code"
}

# prove_row <safeguard> <program> <filter>: one line of the result. 1 when it proves nothing.
prove_row() {
    local safeguard=$1 program=$2 filter=$3 code=0 verdict
    prove_run "$program" "$filter" || code=$?
    if ((code != 0)); then
        verdict="${red}RED AS IT IS${plain} (code $code, build/log/prove-$program.log)"
    else
        prove_run "$program" "$filter" "$safeguard" || code=$?
        case $code in
            0) verdict="${red}NOT SEEN${plain}" ;;
            124) verdict="${green}red as it must be${plain} (it waits for ever)" ;;
            *) verdict="${green}red as it must be${plain}" ;;
        esac
    fi
    printf '%-20s %-22s %-62.62s %s\n' "$safeguard" "$program" "$filter" "$verdict"
    [[ $verdict == *"as it must be"* ]]
}

# prove_all <rows>: 1 when a row proves nothing.
prove_all() {
    local safeguard program filter seen=0 unseen=0
    while read -r safeguard program filter; do
        if prove_row "$safeguard" "$program" "$filter"; then seen=$((seen + 1)); else unseen=$((unseen + 1)); fi
    done <<<"$1"
    say "$seen safeguards left out and seen, $unseen not"
    ((unseen == 0))
}

# The promise of the head of libs/base/safeguard.hpp, when there is a release build to look at.
prove_release_is_whole() {
    local program=build/release/bin/orderflow
    [[ -x $program ]] || return 0
    ! grep -q ORDERFLOW_BREAK "$program" ||
        die "$program can be broken" "configure build/release without ORDERFLOW_BREAKABLE"
}

prove() {
    local rows targets name
    rows=$(prove_rows)
    case ${1:-} in
        --help | -h) prove_usage && return ;;
        --list) cut -d' ' -f1 <<<"$rows" && return ;;
    esac
    if (($# > 0)); then
        for name in "$@"; do
            grep -q "^$name " <<<"$rows" || die "there is no safeguard '$name'" "./dev prove --list"
        done
        rows=$(grep -E "^($(tr ' ' '|' <<<"$*")) " <<<"$rows")
    fi
    setup build
    mapfile -t targets < <(cut -d' ' -f2 <<<"$rows" | sort -u)
    build_preset breakable "${targets[@]}"
    prove_release_is_whole
    prove_all "$rows"
}
