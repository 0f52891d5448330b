# shellcheck shell=bash
# ./dev sim: seeds of the simulation, shared among as many processes as there are processors. See tests/simulation.

readonly sim_program=build/release/bin/simulation

sim_usage() {
    cat <<'TEXT'
Usage: ./dev sim [--seeds N] [--first S] [--bit-rot] [--defect D]     N seeds (1000) from S (1) on, on all processors
       ./dev sim --seed S [--trace] [--bit-rot] [--defect D]          one seed; --trace shows all that happens

Every seed is a run of the whole system with faults of its own; the same seed is the same run, to the bit.
build/release/bin/simulation --help lists the defects.
TEXT
}

# run_seeds <logs> <first> <seeds> <options...>: one process for each processor, the seeds dealt out in turn. Tells how
# far it is, and at the end what was found.
run_seeds() {
    local logs=$1 first=$2 seeds=$3 jobs code=0 i pids=()
    shift 3
    jobs=$(build_jobs)
    rm -rf "${logs:?}"
    mkdir -p "$logs"
    for ((i = 0; i < jobs && i < seeds; i++)); do
        "$sim_program" --first $((first + i)) --seeds $((seeds - i)) --step "$jobs" --progress "$@" \
            >"$logs/$i.log" 2>&1 &
        pids+=($!)
    done
    # shellcheck disable=SC2064
    trap "kill ${pids[*]} 2>/dev/null || true" INT TERM
    while jobs -r | grep -q "$sim_program"; do
        sleep 1
        sim_progress "$logs" "$seeds"
    done
    for i in "${pids[@]}"; do wait "$i" || code=$?; done
    trap - INT TERM
    sim_total "$logs"
    return "$code"
}

sim_progress() {
    awk -v all="$2" '
        FNR == 1 { done += runs; bad += wrong; runs = wrong = 0 }
        / runs, [0-9]+ bad$/ { runs = $3; wrong = $5 }
        END { printf "%d of %d seeds, %d bad\n", done + runs, all, bad + wrong }' "$1"/*.log
}

# What the processes found, then the sum of their last lines, which differ in numbers alone.
sim_total() {
    grep -hvE '^seed [0-9]+: [0-9]+ runs|^[0-9]+ [a-z]' "$1"/*.log || true
    awk '
        FNR == 1 { tail = 0 }
        /^[0-9]+ seeds, / { tail = 1; row = 0 }
        !tail { next }
        {
            n = split($0, words, " ")
            for (i = 1; i <= n; i++) {
                if (words[i] ~ /^[0-9]+$/) sum[row, i] += words[i]; else word[row, i] = words[i]
            }
            count[row++] = n
            if (row > rows) rows = row
        }
        END {
            for (r = 0; r < rows; r++) {
                for (i = 1; i <= count[r]; i++) {
                    printf "%s%s", ((r, i) in sum) ? sum[r, i] : word[r, i], i < count[r] ? " " : "\n"
                }
            }
        }' "$1"/*.log
}

sim() {
    local first=1 seeds=1000 options=() one=''
    while (($# > 0)); do
        case $1 in
            --seeds) seeds=${2:?how many} && shift ;;
            --first) first=${2:?which} && shift ;;
            --seed) one=${2:?which} && shift ;;
            --defect) options+=("$1" "${2:?which}") && shift ;;
            --trace | --bit-rot) options+=("$1") ;;
            --help | -h) sim_usage && return ;;
            *) sim_usage >&2 && die "sim knows no option '$1'" "see above" ;;
        esac
        shift
    done
    setup build
    build_preset release simulation
    if [[ -n $one ]]; then
        "$sim_program" --seed "$one" "${options[@]}"
        return
    fi
    phase "simulation" run_seeds build/sim "$first" "$seeds" "${options[@]}" && sim_total build/sim
}
