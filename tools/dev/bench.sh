# shellcheck shell=bash
# ./dev bench: the budgets, measured; ./dev bench --micro: the inner pieces. See bench/README.md.

# Prints the Node that the stack of the original design needs: pinned in its lock file, else the system's.
bench_node() {
    local node
    for node in bench/peers/node_modules/node-linux-*/bin/node; do
        if [[ -x $node ]] && "$node" --version >/dev/null 2>&1; then
            echo "$node"
            return
        fi
    done
    command -v node
}

bench_budgets() {
    local node
    install_packages bench/peers
    build_preset release orderflow api-service worker-service queue-service sqs-load delay-proxy order-search
    node=$(bench_node) || die "there is no Node" "./dev setup bench installs it"
    PATH=$PATH:/usr/sbin ORDERFLOW_BIN=$root/build/release/bin/orderflow "$node" bench/harness/main.js "$@"
}

# The arguments go to google-benchmark, for example --benchmark_filter=Journal.
bench_pieces() {
    build_preset release orderflow_benchmarks
    mkdir -p build/bench
    BENCH_DIR=$root/build/bench build/release/bin/orderflow_benchmarks "$@"
}

bench() {
    setup bench
    if [[ ${1:-} == --micro ]]; then bench_pieces "${@:2}"; else bench_budgets "$@"; fi
}
