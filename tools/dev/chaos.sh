# shellcheck shell=bash
# ./dev chaos: breaks the real program in every way that the machine permits, and audits what is left. See
# chaos/README.md.

# The arguments go to the rig, but for --prove-rig, which names no program here: a build that can leave out its syncs.
chaos() {
    local argument arguments=()
    setup chaos
    if [[ " $* " == *' --containers '* ]]; then
        # The services are those of the images; load, audit and payments are programs of this machine.
        build_preset release orderflow sample-payment-provider orderflow-chaos
    else
        build_preset release orderflow queue-service worker-service api-service sample-payment-provider orderflow-chaos
    fi
    for argument in "$@"; do
        arguments+=("$argument")
        if [[ $argument == --prove-rig ]]; then
            build_preset breakable orderflow
            arguments+=("$root/build/breakable/bin/orderflow")
        fi
    done
    ((EUID == 0)) || say "Not root: what needs a file system of its own is skipped (run it with sudo -E)."
    # Replaces this process, so that Ctrl-C reaches the rig itself, which then takes away what it made.
    exec env PATH="$PATH:/usr/sbin:/sbin" ORDERFLOW_BIN="$root/build/release/bin/orderflow" \
        build/release/bin/orderflow-chaos "${arguments[@]}"
}
