# shellcheck shell=bash
# ./dev image --test: the images as a cluster runs them. The root cannot be written, there is no capability, 256 MB,
# user 10001; the network is the host's, with ports that are free. Every container and its volume go at the end.

# Of the container, not of this shell: an engine asks for more than a machine may be allowed to give.
readonly smoke_limits=(--ulimit nofile=4096:4096 --ulimit nproc=4096:4096)

smoke_containers=()
smoke_scratch=''
smoke_postgres=''
smoke_failed=0

smoke_end() {
    local container
    for container in "${smoke_containers[@]}"; do
        "$smoke_engine" rm --force --volumes "$container" >/dev/null 2>&1 || true
    done
    if [[ -n $smoke_postgres ]]; then
        runuser -u postgres -- "$smoke_postgres/pg_ctl" -D "$smoke_scratch/postgres" -m immediate stop \
            >/dev/null || true
    fi
    rm -rf "$smoke_scratch"
}

# expect <what> <command...>: told when it fails; the test goes on.
expect() {
    local what=$1
    shift
    if "$@" >>"$smoke_scratch/log" 2>&1; then return; fi
    say "${red}failed${plain} $what"
    smoke_failed=$((smoke_failed + 1))
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port that nobody listens on. Between here and the start somebody could take it; the start would say so.
free_port() {
    local port
    until port=$((20000 + RANDOM % 12000)) && is_free "$port"; do :; done
    echo "$port"
}

now_ms() { date +%s%3N; }

# run_image <container> <program> <engine's options and, behind --, the program's words>
run_image() {
    local container=$1 program=$2 options=()
    shift 2
    while (($# > 0)) && [[ $1 != -- ]]; do options+=("$1") && shift; done
    (($# == 0)) || shift
    smoke_containers+=("$container")
    "$smoke_engine" run --detach --name "$container" --network=host --read-only --cap-drop=ALL \
        --security-opt=no-new-privileges --memory=256m --user 10001:10001 --no-healthcheck "${smoke_limits[@]}" \
        "${options[@]}" "orderflow/$program:$smoke_tag" "$@" >>"$smoke_scratch/log" 2>&1
}

# until_healthy <container> <url>: for a minute.
until_healthy() {
    local end=$(($(now_ms) + 60000))
    until curl --silent --fail --max-time 2 --output /dev/null "$2/healthz"; do
        if (($(now_ms) > end)) || [[ $("$smoke_engine" inspect --format '{{.State.Running}}' "$1") != true ]]; then
            "$smoke_engine" logs "$1" 2>&1 | tail -n 20
            return 1
        fi
        sleep 0.02
    done
}

# start_image <container> <program> <url> <as run_image>: notes the milliseconds from `run` to a healthy answer.
start_image() {
    local container=$1 program=$2 url=$3 began
    shift 3
    began=$(now_ms)
    expect "$program starts" run_image "$container" "$program" "$@"
    if ! until_healthy "$container" "$url"; then
        smoke_failed=$((smoke_failed + 1))
        die "$program did not become healthy in its container" "its last lines are above"
    fi
    healthy_ms[$program]=$(($(now_ms) - began))
    expect "$program --health says that it is healthy" "$smoke_engine" exec "$container" "/usr/bin/$program" --health
}

# stop_image <container> <program>: SIGTERM; notes the time until its end. It ends with 0.
stop_image() {
    local container=$1 program=$2 began code
    began=$(now_ms)
    "$smoke_engine" kill --signal TERM "$container" >>"$smoke_scratch/log"
    code=$("$smoke_engine" wait "$container")
    drained_ms[$program]=$(($(now_ms) - began))
    exit_code[$program]=$code
    expect "$program ends with 0 at SIGTERM, not with $code" test "$code" = 0
}

# What a container can be abused with: a shell, another program, files of other users' rights.
check_contents() {
    local program=$1 container=orderflow-smoke-$$-files-$1 files
    files=$smoke_scratch/files
    smoke_containers+=("$container")
    "$smoke_engine" create --name "$container" "orderflow/$program:$smoke_tag" >>"$smoke_scratch/log"
    "$smoke_engine" export "$container" | tar -t -v --numeric-owner >"$files"
    expect "$program is the only program in its image" \
        test "$(awk '$6 ~ /^usr\/s?bin\/./ {print $6}' "$files")" = "usr/bin/$program"
    expect "$program's image has no setuid or setgid file" not grep -q '^-..[sS]\|^-.....[sS]' "$files"
    expect "$program's image has no shell" not "$smoke_engine" run --rm --network=host "${smoke_limits[@]}" \
        --entrypoint /bin/sh "orderflow/$program:$smoke_tag" -c true
    expect "$program's bill of materials is in its image" grep -q "usr/share/sbom/$program.cdx.json" "$files"
    size_mb[$program]=$("$smoke_engine" image inspect --format '{{.Size}}' "orderflow/$program:$smoke_tag" |
        awk '{printf "%.1f", $1 / 1000000}')
}

not() { ! "$@"; }

# Everything in one program: an order, then SIGTERM while orders come.
smoke_orderflow() {
    local port sqs container=orderflow-smoke-$$-all url load
    port=$(free_port) sqs=$(free_port)
    url=http://127.0.0.1:$port
    start_image "$container" orderflow "$url" --env "ORDERFLOW_LISTEN=127.0.0.1:$port" \
        --env "ORDERFLOW_SQS_LISTEN=127.0.0.1:$sqs" -- --demo
    expect "the demo order is confirmed" until_log "$container" 'the demo order is confirmed'
    expect "orders through the front door of orderflow" node infra/smoke/smoke.mjs "$url"
    place_load "$url" &
    load=$!
    sleep 2
    stop_image "$container" orderflow
    wait "$load" || true
}

until_log() {
    local end=$(($(now_ms) + 20000))
    until "$smoke_engine" logs "$1" 2>&1 | grep -q "$2"; do
        (($(now_ms) < end)) || return 1
        sleep 0.1
    done
}

# place_load <url>: orders for a few seconds from another container, so that there is something to drain.
place_load() {
    "$smoke_engine" run --rm --network=host --read-only --cap-drop=ALL --memory=256m --no-healthcheck \
        "${smoke_limits[@]}" "orderflow/orderflow:$smoke_tag" load --url "$1" --rate 100 --duration 4s --settle 1s \
        --keep-going >>"$smoke_scratch/load.log" 2>&1
}

# A PostgreSQL of this machine, for as long as the test runs: says its URL. Nothing where there is none.
start_postgres() {
    local port folder=$smoke_scratch/postgres bin
    for bin in /usr/lib/postgresql/*/bin; do [[ ! -x $bin/initdb ]] || smoke_postgres=$bin; done
    if [[ -z $smoke_postgres ]] || ((EUID != 0)); then
        smoke_postgres=''
        return
    fi
    port=$(free_port)
    install -d -o postgres -m 0700 "$folder"
    chmod 0755 "$smoke_scratch"
    runuser -u postgres -- "$smoke_postgres/initdb" -D "$folder" -A trust >>"$smoke_scratch/log"
    runuser -u postgres -- "$smoke_postgres/pg_ctl" -D "$folder" -w -l "$folder/log" \
        -o "-p $port -k $folder -c listen_addresses=127.0.0.1" start >>"$smoke_scratch/log"
    database_url="postgresql://postgres@127.0.0.1:$port/postgres"
}

# The three services, each in its container, over the Amazon SQS protocol; stopped from the front to the back, under
# load.
smoke_services() {
    local queue worker api store database_url='' keys load
    queue=$(free_port) worker=$(free_port) api=$(free_port)
    start_postgres
    keys=(--env AWS_ACCESS_KEY_ID=smoke --env AWS_SECRET_ACCESS_KEY=smoke-secret --env AWS_REGION=us-east-1
        --env "ORDERFLOW_QUEUE_URL=http://127.0.0.1:$queue/000000000000/orders")
    if [[ -n $database_url ]]; then
        store=(--env "DATABASE_URL=$database_url")
        smoke_store=PostgreSQL
    else
        # One file for both.
        install -d -m 0777 "$smoke_scratch/store"
        store=(--env DATABASE_URL=sqlite:/store/orders.db --volume "$smoke_scratch/store:/store")
        smoke_store=SQLite
    fi
    local name=orderflow-smoke-$$
    start_image "$name-queue" queue-service "http://127.0.0.1:$queue" --env "ORDERFLOW_SQS_LISTEN=127.0.0.1:$queue" \
        --env ORDERFLOW_SQS_ACCESS_KEY_ID=smoke --env ORDERFLOW_SQS_SECRET_ACCESS_KEY=smoke-secret
    start_image "$name-worker" worker-service "http://127.0.0.1:$worker" "${keys[@]}" "${store[@]}" \
        --env "ORDERFLOW_WORKER_LISTEN=127.0.0.1:$worker"
    start_image "$name-api" api-service "http://127.0.0.1:$api" "${keys[@]}" "${store[@]}" \
        --env "ORDERFLOW_LISTEN=127.0.0.1:$api"
    expect "orders through the front door of the services" node infra/smoke/smoke.mjs "http://127.0.0.1:$api"
    place_load "http://127.0.0.1:$api" &
    load=$!
    sleep 2
    stop_image "$name-api" api-service
    stop_image "$name-worker" worker-service
    stop_image "$name-queue" queue-service
    wait "$load" || true
}

# smoke_images <engine> <tag> <program...>
smoke_images() {
    local -A healthy_ms=() drained_ms=() exit_code=() size_mb=()
    local program smoke_store=none
    readonly smoke_engine=$1 smoke_tag=$2
    shift 2
    setup image
    smoke_scratch=$(mktemp -d)
    trap smoke_end EXIT
    for program in "$@"; do check_contents "$program"; done
    [[ " $* " != *' orderflow '* ]] || smoke_orderflow
    if [[ " $* " == *' api-service '* && " $* " == *' worker-service '* && " $* " == *' queue-service '* ]]; then
        smoke_services
    else
        say "       the services run together: name all three to test them"
    fi
    printf '\n%-16s %9s %16s %15s %5s\n' image 'size (MB)' 'to healthy (ms)' 'drain (ms)' exit
    for program in "$@"; do
        printf '%-16s %9s %16s %15s %5s\n' "$program" "${size_mb[$program]:-}" "${healthy_ms[$program]:-}" \
            "${drained_ms[$program]:-}" "${exit_code[$program]:-}"
    done
    printf '\nOrder store of the services: %s. Engine: %s.\n' "$smoke_store" "$("$smoke_engine" --version)"
    if ((smoke_failed > 0)); then
        tail -n 30 "$smoke_scratch/log"
        die "$smoke_failed of the checks above failed" "the end of their output stands above"
    fi
}
