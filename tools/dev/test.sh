# shellcheck shell=bash
# ./dev test: everything that must hold, in the order in which it fails fastest. The last line is for people and CI:
# `N passed, N failed, N skipped`.

readonly results=$root/build/results
passed=0
failed=0
skipped=0

# ctest_phase <preset> <name> <ctest arguments...>: each GoogleTest program also writes its cases to $results/<name>.
ctest_phase() {
    local preset=$1 name=$2 code=0
    shift 2
    rm -rf "${results:?}/$name"
    mkdir -p "$results/$name"
    phase "test $name" env GTEST_OUTPUT="xml:$results/$name/" \
        ctest --preset "$preset" -j "$(build_jobs)" --output-junit "$results/$name.junit" "$@" || code=$?
    count_ctest "$name" "$code"
}

# A program counts by its cases. A program without cases in a file (another tool, a crash, a time-out) counts as one.
count_ctest() {
    local name=$1 code=$2 test status cases counts p f s before=$failed
    while read -r test status; do
        cases="$results/$name/$test.xml"
        p=0 f=0 s=0
        if [[ -f $cases ]]; then
            counts=$(awk '
                /<testcase / { cases++; if (/result="skipped"/ || /status="notrun"/) skipped++ }
                /<failure / { if (!(cases in bad)) { bad[cases]; failures++ } }
                END { print cases - failures - skipped, failures + 0, skipped + 0 }' "$cases")
            read -r p f s <<<"$counts"
        fi
        case $status in
            run) ((p + f + s > 0)) || p=1 ;;
            fail) ((f > 0)) || f=1 ;;
            *) ((s > 0)) || s=1 ;;
        esac
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
        ((s == 0)) || say "       skipped: $s in $test ($name)"
    done < <(sed -n 's/.*<testcase name="\([^"]*\)".* status="\([^"]*\)".*/\1 \2/p' "$results/$name.junit" 2>/dev/null)
    # ctest itself failed: no test was found, or its results could not be written.
    ((code == 0 || failed > before)) || failed=$((failed + 1))
}

# install_packages <folder>: what its lock file names, unless it is there. A folder without one needs no packages.
install_packages() {
    local folder=$1
    [[ -f $folder/package-lock.json ]] || return 0
    [[ ! -d $folder/node_modules || $folder/package-lock.json -nt $folder/node_modules ]] || return 0
    phase "packages of $(basename "$folder")" npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund ||
        die "npm cannot install the packages of $folder" "is the registry reachable? the lock file pins all versions"
    touch "$folder/node_modules"
}

# node_phase <folder>: its `npm test`, which ends with the totals of node:test.
node_phase() {
    local folder=$1 name log code=0 counts p f s
    name=$(basename "$folder")
    install_packages "$folder"
    phase "test $name" run_npm_test "$folder" || code=$?
    log="$log_dir/test-$name.log"
    counts=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '
        ($1 == "#" || $1 == "ℹ") && $3 ~ /^[0-9]+$/ && NF == 3 { total[$2] += $3 }
        END { print total["pass"] + 0, total["fail"] + total["cancelled"], total["skipped"] + total["todo"] }')
    read -r p f s <<<"$counts"
    ((code == 0 || f > 0)) || f=1
    ((code != 0 || p + f + s > 0)) || f=1 # a run without tests proves nothing
    ((s == 0)) || say "       skipped: $s in $name"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# A folder may pin a newer Node than the system's as an npm package. Says where it is, with a colon behind it.
pinned_node() {
    local folder=$1 node
    for node in "$root/$folder"/node_modules/node-linux-*/bin/node; do
        if [[ -x $node ]] && "$node" --version >/dev/null 2>&1; then printf '%s:' "$(dirname "$node")"; fi
    done
}

run_npm_test() {
    local folder=$1
    PATH="$(pinned_node "$folder")$PATH"
    export PATH ORDERFLOW_BIN="$root/build/release/bin/orderflow"
    export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
    echo "node $(node --version)"
    npm test --prefix "$folder"
}

# plain_phase <name> <command...>: one check without cases of its own.
plain_phase() {
    if phase "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

# The stacks, as ./dev synth checks them; without cfn-lint, a Python package that no package manager of the setup has,
# it says that it left that out.
infra_phases() {
    install_packages infra
    synth_checks plain_phase
}

# sim_phase <seeds>: the simulation with the release build, from more seeds than sanitizers have time for. Each counts.
sim_phase() {
    local seeds=$1 code=0 p f
    build_preset release simulation
    phase "test simulation" run_seeds build/sim 1 "$seeds" || code=$?
    read -r p f < <(awk '/^[0-9]+ seeds, / { runs += $1; bad += $3 } END { print runs - bad, bad + 0 }' build/sim/*.log)
    ((code == 0 && p == seeds)) || ((f > 0)) || f=1 # a process ended before its seeds did
    passed=$((passed + p)) failed=$((failed + f))
}

node_folders() {
    local package
    for package in tests/*/package.json; do
        [[ -f $package ]] && dirname "$package"
    done
}

finish() {
    local verdict=0
    if [[ ${CI:-} == true ]] && ((skipped > 0)); then
        say "${red}CI=true: a skipped test fails the run${plain}"
        verdict=1
    fi
    ((failed == 0 && passed > 0)) || verdict=1
    say "       all in $(elapsed "$1")"
    say "$passed passed, $failed failed, $skipped skipped"
    exit "$verdict"
}

# Everything, from the fastest check to the slowest.
run_all_tests() {
    local folder
    plain_phase "format" check_format
    build_preset asan
    ctest_phase asan "asan" -LE e2e
    build_preset tsan orderflow_thread_tests
    ctest_phase tsan "tsan"
    sim_phase 400
    build_preset release
    export ORDERFLOW_BIN=$root/build/release/bin/orderflow
    ctest_phase asan "e2e" -L e2e
    while read -r folder; do node_phase "$folder"; done < <(node_folders)
    infra_phases
    fuzz_phase 60
}

# The ctest entries that the arguments select; each has the name of its target.
ctest_names() { ctest --preset asan -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p'; }

# A filter names ctest entries (a regular expression) or one of the folders that Node runs.
run_filtered_tests() {
    local filter=$1 names=()
    if [[ $filter == infra ]]; then
        infra_phases
        return
    fi
    if [[ -f tests/$filter/package.json ]]; then
        build_preset release
        node_phase "tests/$filter"
        return
    fi
    configure_preset asan
    phase "refresh asan" ninja -C build/asan build.ninja || die "CMake cannot configure asan" "see the lines above"
    mapfile -t names < <(ctest_names -R "$filter")
    ((${#names[@]} > 0)) || die "no test has '$filter' in its name" "ctest --preset asan -N lists them"
    build_preset asan "${names[@]}"
    export ORDERFLOW_BIN=$root/build/release/bin/orderflow
    [[ -z $(ctest_names -L e2e -R "$filter") ]] || build_preset release
    ctest_phase asan "filtered" -R "$filter"
}

run_tests() {
    local started=$SECONDS
    setup test
    if [[ -n ${1:-} ]]; then run_filtered_tests "$1"; else run_all_tests; fi
    finish "$started"
}
