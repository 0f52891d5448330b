# shellcheck shell=bash
# ./dev aws: the steps of docs/deploy-aws.md. GitHub's workflows and the buildspecs call these and hold no steps of
# their own. Credentials, region and account are the AWS CLI's.

readonly aws_programs='api-service worker-service orderflow'

aws_usage() {
    cat <<'TEXT'
Usage: ./dev aws <step> <stage> [arguments]       stage: demo or production

  certificates       fetch those of RDS, which an image for AWS holds; before ./dev image, without a stage
  after <workflow...>
                     wait until these workflows of GitHub have delivered this commit, as far as its push started them;
                     of a workflow, without a stage (gh, GITHUB_SHA)
  secrets            make the parameters of SSM that are missing; none that is there is changed
  keys <create|list|revoke> [options]
                     API keys of programs that order, as `orderflow keys` makes them (build/release/bin/orderflow, or
                     ORDERFLOW_BIN); the tasks of api-service are replaced by ones that know them
  keys import <file> the keys of an installation that moves here, in the place of those that are there
  push <program> <image>
                     push an image of this machine (api-service, worker-service or orderflow), wait for its scan,
                     and note its digest for the next deployment
  deploy <stack>     registry, data, worker, api, watch, site or pipeline; with the noted digests
  task <roles|migrate>
                     run the task once and wait for its end
  assets             put the page's scripts and styles into the bucket; before deploy api, whose pages name them
  site               assets, then the page, and make CloudFront forget the old one
  prune              take out the assets that no page of the last 30 days and no one of the last five releases names
  rollback <program> note the digest that was deployed before; then deploy
  smoke [url]        place orders, as a buyer and as a browser without scripts, and follow them

Inputs of the stage: infra/config/<stage>.json (for demo it may be missing).
TEXT
}

# No system brings them, and a session with the database is refused without them.
aws_certificates() {
    local file=tools/image/certificates/rds-global-bundle.pem
    curl --fail --silent --show-error --location --max-time 60 --output "$file.new" \
        https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ||
        die "the certificates of RDS cannot be fetched" "see the line above"
    grep -q 'BEGIN CERTIFICATE' "$file.new" || die "what came instead of the certificates is none" "see $file.new"
    mv "$file.new" "$file"
}

# Workflows are started side by side. One that failed or was cancelled has not delivered, and nothing goes before it.
aws_after() {
    local workflow run status
    (($# > 0)) || die "./dev aws after needs the file of a workflow" "e.g. deploy-worker-service.yml"
    for workflow; do
        while true; do
            run=$(gh run list --workflow "$workflow" --commit "$GITHUB_SHA" --event push --limit 1 \
                --json status,conclusion --jq '.[] | .status + " " + .conclusion')
            status=${run%% *}
            [[ -n $run && $status != completed ]] || break
            sleep "${ORDERFLOW_POLL_SECONDS:-30}"
        done
        [[ -z $run || $run == 'completed success' ]] ||
            die "$workflow has not delivered $GITHUB_SHA: $run" "run it again, and then this one"
        say "$workflow: ${run:-is not of this push}"
    done
}

# The output of a stack.
aws_output() {
    local stage=$1 stack=$2 name=$3 region=()
    [[ $stack != site ]] || region=(--region us-east-1)
    aws cloudformation describe-stacks --stack-name "orderflow-$stage-$stack" "${region[@]}" \
        --query "Stacks[0].Outputs[?OutputKey=='$name'].OutputValue | [0]" --output text
}

random_hex() { od -An -tx1 -N "$1" /dev/urandom | tr -d ' \n'; }

# aws_parameter <stage> <name> <value>: makes it unless it is there. The value goes by a file that only we can read, as
# arguments are seen by all users of a machine.
aws_parameter() {
    local stage=$1 name=$2 value=$3 file
    local full=/orderflow/$stage/$name
    if aws ssm get-parameter --name "$full" --query Parameter.Name --output text >/dev/null 2>&1; then
        say "       is there: $full"
        return
    fi
    file=$(umask 077 && mktemp)
    printf '%s' "$value" >"$file"
    aws ssm put-parameter --type SecureString --name "$full" --value "file://$file" >/dev/null ||
        { rm -f "$file" && return 1; }
    rm -f "$file"
    say "${green}made${plain}     $full"
}

aws_value() { aws ssm get-parameter --with-decryption --name "/orderflow/$1/$2" --query Parameter.Value --output text; }

aws_secrets() {
    local stage=$1 host=${ORDERFLOW_DATABASE_HOST:-} role
    aws_parameter "$stage" id-secrets "id_secret=$(random_hex 32)
tag_key_1=$(random_hex 32)"
    aws_parameter "$stage" api-keys '{"keys":[]}'
    aws_parameter "$stage" api-admin-token "$(random_hex 32)"
    aws_parameter "$stage" operator-admin-token "$(random_hex 32)"
    aws_parameter "$stage" operator-read-token "$(random_hex 32)"
    aws_parameter "$stage" payment-secret "whsec_$(head -c 32 /dev/urandom | base64 -w 0)"
    for role in database/owner-password database/worker-password database/reader-password; do
        aws_parameter "$stage" "$role" "$(random_hex 24)"
    done
    # Of somebody else, who tracks faults of pages (the input clientErrors).
    [[ -z ${ORDERFLOW_SENTRY_DSN:-} ]] || aws_parameter "$stage" sentry-dsn "$ORDERFLOW_SENTRY_DSN"
    [[ -n $host ]] || host=$(aws_output "$stage" data DatabaseHost)
    [[ -n $host && $host != None ]] || die "the database is not there yet" "./dev aws deploy $stage data"
    aws_database_url "$stage" database/owner-url owner "$host"
    aws_database_url "$stage" database/worker-url worker "$host"
    aws_database_url "$stage" database/reader-url reader "$host"
}

# A parameter holds no more, not even one that is paid for.
readonly aws_parameter_bytes_max=8192

# The file of keys (digests, no keys) travels through a folder of our own. A new key is shown when it is kept.
aws_keys() {
    (($# >= 2)) || die "./dev aws keys needs a command" "create, list, revoke or import; ./dev aws help"
    local folder code=0
    folder=$(mktemp -d)
    aws_keys_in "$folder/api-keys.json" "$@" || code=$?
    rm -rf "$folder"
    return "$code"
}

aws_keys_in() {
    local file=$1 stage=$2 verb=$3 program=${ORDERFLOW_BIN:-build/release/bin/orderflow} before said=''
    shift 3
    [[ -x $program ]] || die "there is no $program" "./dev build release orderflow"
    (umask 077 && aws_value "$stage" api-keys >"$file") ||
        die "the keys of $stage cannot be read" "see the line above; ./dev aws secrets $stage makes the parameter"
    before=$(<"$file")
    if [[ $verb == import ]]; then
        [[ -f ${1:-} ]] || die "there is no file '${1:-}'" "./dev aws keys $stage import carried/api-keys.json"
        cp "$1" "$file" && chmod 600 "$file"
        "$program" keys --file "$file" list || return # says what is wrong with it
    else
        said=$("$program" keys --file "$file" "$verb" "$@") || return
    fi
    if [[ $(<"$file") != "$before" ]]; then
        (($(wc -c <"$file") <= aws_parameter_bytes_max)) ||
            die "these are more keys than a parameter holds: $aws_parameter_bytes_max bytes" \
                "nothing was changed. Import a file without those that are over; docs/deploy-aws.md, \"API keys\""
        # Over 4 KB it becomes a parameter that is paid for.
        aws ssm put-parameter --type SecureString --overwrite --tier Intelligent-Tiering \
            --name "/orderflow/$stage/api-keys" --value "file://$file" >/dev/null || return
    fi
    [[ -z $said ]] || echo "$said"
    [[ $(<"$file") == "$before" ]] || aws_replace_api "$stage"
}

# Its tasks read the keys at their start: until they are replaced, a new key is not known and a revoked one still good.
aws_replace_api() {
    local stage=$1 service
    if ! service=$(aws_output "$stage" api ApiService 2>&1); then
        [[ $service == *'does not exist'* ]] || die "the service is not known: $service" "see the line above"
        say "there is no api-service yet: it comes with these keys"
        return
    fi
    say "the tasks of api-service are replaced: a minute or more"
    aws ecs update-service --cluster "orderflow-$stage" --service "$service" --force-new-deployment >/dev/null
    aws ecs wait services-stable --cluster "orderflow-$stage" --services "$service" ||
        die "the tasks of api-service were not replaced in time: the old keys may still be in use" \
            "see the service in ECS, then the same command of aws ecs again"
    say "every task of api-service has these keys"
}

# The certificate of RDS is not among those of a system; the images bring it.
aws_database_url() {
    local stage=$1 name=$2 role=$3 host=$4 password
    local tls='sslmode=verify-full&sslrootcert=/etc/ssl/certs/rds-global-bundle.pem'
    password=$(aws_value "$stage" "database/$role-password")
    aws_parameter "$stage" "$name" "postgresql://orderflow_$role:$password@$host:5432/orderflow?$tls"
}

# The state of a scan, and the names of the findings that stop a delivery; of each page a line.
readonly aws_severe="join(' ', [[imageScanStatus.status], not_null(imageScanFindings.findings, \`[]\`)\
[?severity=='CRITICAL' || severity=='HIGH'].name][])"
# Findings that somebody has looked at and takes for some time, a line each: name, last day, reason.
readonly aws_accepted_findings=$root/infra/config/accepted-findings.txt

# Of the names that follow, those that nobody takes today.
aws_open_findings() {
    local name until today
    today=$(date -u +%F)
    for name; do
        [[ $name != COMPLETE ]] || continue
        until=$(awk -v name="$name" '$1 == name { print $2 }' "$aws_accepted_findings")
        [[ -n $until && ! $until < $today ]] || printf '%s ' "$name"
    done
}

aws_push() {
    local stage=$1 program=$2 image=$3 repository registry tag digest found severe
    [[ " $aws_programs " == *" $program "* ]] || die "there is no program '$program'" "one of: $aws_programs"
    local engine
    engine=$(image_engine) || exit 1
    repository=$(aws ecr describe-repositories --repository-names "orderflow-$stage/$program" \
        --query 'repositories[0].repositoryUri' --output text)
    registry=${repository%%/*}
    tag=$(git rev-parse --short=12 HEAD)-$(date -u +%Y%m%d%H%M%S) # a tag never moves
    aws ecr get-login-password | "$engine" login --username AWS --password-stdin "$registry"
    "$engine" tag "$image" "$repository:$tag"
    "$engine" push "$repository:$tag"
    digest=$(aws ecr describe-images --repository-name "orderflow-$stage/$program" --image-ids "imageTag=$tag" \
        --query 'imageDetails[0].imageDigest' --output text)
    aws ecr wait image-scan-complete --repository-name "orderflow-$stage/$program" --image-id "imageDigest=$digest"
    found=$(aws ecr describe-image-scan-findings --repository-name "orderflow-$stage/$program" \
        --image-id "imageDigest=$digest" --query "$aws_severe" --output text)
    read -ra found -d '' <<<"$found" || true
    [[ ${found[0]:-} == COMPLETE ]] || die "the scan of $program is ${found[0]:-not there}" "see the repository in ECR"
    severe=$(aws_open_findings "${found[@]}")
    [[ -z $severe ]] || die "the scan of $program has critical or high findings: $severe" \
        "build it again with what Debian has mended since; one without a mend: infra/config/accepted-findings.txt"
    aws_note_image "$stage" "$program" "$digest"
    say "pushed $repository@$digest"
}

# The history of the parameter is what a rollback goes back to.
aws_note_image() {
    aws ssm put-parameter --type String --overwrite --name "/orderflow/$1/image/$2" --value "$3" >/dev/null
}

aws_noted_image() {
    aws ssm get-parameter --name "/orderflow/$1/image/$2" --query Parameter.Value --output text 2>/dev/null || true
}

aws_rollback() {
    local stage=$1 program=$2 now before
    now=$(aws_noted_image "$stage" "$program")
    before=$(aws ssm get-parameter-history --name "/orderflow/$stage/image/$program" \
        --query "reverse(Parameters[?Value!='$now'].Value) | [0]" --output json | tr -d '"') # text: one for each page
    [[ -n $before && $before != null ]] || die "$program has no image before $now" "push one"
    aws_note_image "$stage" "$program" "$before"
    say "$program: $now -> $before; now: ./dev aws deploy $stage ..."
}

# What stands for an image while there are no repositories yet: `production` wants digests, and the registry names none.
readonly aws_no_image=sha256:0000000000000000000000000000000000000000000000000000000000000000

aws_deploy() {
    local stage=$1 stack=$2 arguments=(-c "stage=$1") program digest arn
    [[ ! -f $infra/config/$stage.json ]] || arguments+=(-c "inputs=config/$stage.json")
    for program in $aws_programs; do
        digest=$aws_no_image
        [[ $stack == registry ]] || digest=$(aws_noted_image "$stage" "$program")
        [[ -n $digest ]] || die "no image of $program was pushed" "./dev aws push $stage $program <image>"
        arguments+=(-c "$(camel_case "$program")=$digest")
    done
    if [[ $stack == site ]]; then
        # A balancer that is public is reached by its name; a parameter that the stack does not have is refused.
        arn=$(aws_output "$stage" api BalancerArn)
        [[ $arn == None ]] || arguments+=(--parameters "BalancerArn=$arn")
        arguments+=(--parameters "BalancerName=$(aws_output "$stage" api BalancerName)")
    fi
    install_packages infra
    infra_tool cdk deploy --exclusively --require-approval never "${arguments[@]}" "$stack"
}

# api-service -> apiService
camel_case() { sed -E 's/-(.)/\U\1/g' <<<"$1"; }

aws_task() {
    local stage=$1 task=$2 output definition network run code
    case $task in
        roles) output=RolesTask ;;
        migrate) output=MigrateTask ;;
        *) die "there is no task '$task'" "roles or migrate" ;;
    esac
    definition=$(aws_output "$stage" data "$output")
    network="subnets=[$(aws_output "$stage" data TaskSubnets)]"
    network+=",securityGroups=[$(aws_output "$stage" data TaskGroup)],assignPublicIp=DISABLED"
    run=$(aws ecs run-task --cluster "orderflow-$stage" --launch-type FARGATE --task-definition "$definition" \
        --network-configuration "awsvpcConfiguration={$network}" --query 'tasks[0].taskArn' --output text)
    [[ -n $run && $run != None ]] ||
        die "ECS did not start the task $task" "its capacity, or a quota: the same again later"
    aws_stopped "$stage" "$run" ||
        die "the end of the task $task was not seen: it goes on by itself" "see the line above, and $run in ECS"
    code=$(aws ecs describe-tasks --cluster "orderflow-$stage" --tasks "$run" \
        --query "tasks[0].containers[?name!='data-directory'].exitCode | [0]" --output text)
    [[ $code == 0 ]] || die "the task $task ended with code $code" "its lines are in CloudWatch Logs: $run"
    say "the task $task has run"
}

# The CLI gives up after ten minutes, and a large migration takes longer: up to an hour. What fails sooner is an error.
aws_stopped() {
    local stage=$1 run=$2 turn started
    for turn in 1 2 3 4 5 6; do
        started=$SECONDS
        aws ecs wait tasks-stopped --cluster "orderflow-$stage" --tasks "$run" && return
        ((SECONDS - started >= 300)) || return 1
        say "       $run runs on (${turn}0 minutes)"
    done
    return 1
}

# The Cache-Control of a kind of files, from frontend/headers.json.
site_cache() { sed -n "/\"$1\"/,/}/s/.*\"Cache-Control\": \"\(.*\)\".*/\1/p" frontend/headers.json; }

# Every name holds a hash of its content: what is there stays good, and stays, for the pages of the releases before.
# Pages of the API name assets too, so these come before the API. The first time there is no bucket yet, as the site
# comes after the API: then nobody asks for the page either.
aws_assets() {
    local stage=$1 bucket cache ending type
    if ! bucket=$(aws_output "$stage" site Bucket 2>&1); then
        [[ $bucket == *'does not exist'* ]] || die "the bucket of the site is not known: $bucket" "see the line above"
        say "there is no site yet: its assets come with it"
        return
    fi
    tools/site/assemble.sh frontend build/site
    aws_note_assets "$stage"
    cache=$(site_cache asset)
    while read -r ending type; do
        aws s3 sync --size-only --exclude '*' --include "*.$ending" --cache-control "$cache" --content-type "$type" \
            build/site/assets "s3://$bucket/assets"
    done <<'TEXT'
css text/css; charset=utf-8
js text/javascript; charset=utf-8
svg image/svg+xml
TEXT
}

# Noted before they are there, so that none is there unnoted; prune goes by the history of the parameter.
aws_note_assets() {
    local name=/orderflow/$1/site-assets names noted
    names=$(cd build/site/assets && printf '%s\n' * | LC_ALL=C sort | tr '\n' ' ')
    names=${names% }
    noted=$(aws ssm get-parameter --name "$name" --query Parameter.Value --output text 2>/dev/null || true)
    [[ $noted != "$names" ]] || return 0
    aws ssm put-parameter --type String --overwrite --name "$name" --value "$names" >/dev/null
}

# Last: whatever fails here, the new page is there. The bucket keeps what is taken out for 30 days more.
aws_prune() {
    local stage=$1 bucket history there old key
    bucket=$(aws_output "$stage" site Bucket)
    # As JSON: in text, a query is asked for each page of an answer.
    history=$(aws ssm get-parameter-history --name "/orderflow/$stage/site-assets" \
        --query 'Parameters[].[LastModifiedDate,Value]' --output json)
    there=$(aws s3api list-objects-v2 --bucket "$bucket" --prefix assets/ --query 'Contents[].Key' --output json)
    old=$(printf '{"now":"%s","history":%s,"there":%s}' "$(date -u +%FT%TZ)" "$history" "$there" |
        node infra/site/superseded.mjs)
    for key in $old; do aws s3 rm --only-show-errors "s3://$bucket/$key"; done
    say "$(wc -w <<<"$old") assets that no page wants any more are taken out"
}

# First the assets: a page never names one that is not there.
aws_site() {
    local stage=$1 bucket distribution
    aws_assets "$stage"
    bucket=$(aws_output "$stage" site Bucket)
    distribution=$(aws_output "$stage" site DistributionId)
    aws s3 cp --cache-control "$(site_cache page)" --content-type 'text/html; charset=utf-8' \
        build/site/index.html "s3://$bucket/index.html"
    aws cloudfront create-invalidation --distribution-id "$distribution" --paths / /index.html >/dev/null
}

aws_smoke() {
    local stage=$1 url=${2:-}
    [[ -n $url ]] || url=$(aws_output "$stage" site Url)
    node infra/smoke/smoke.mjs "$url"
}

aws_step() {
    local step=${1:-} stage=${2:-}
    case $step in
        '' | help | --help | -h) aws_usage && return ;;
        certificates) aws_certificates && return ;;
        after) shift && aws_after "$@" && return ;;
    esac
    [[ $stage == demo || $stage == production ]] || die "'$stage' is neither demo nor production" "./dev aws help"
    shift 2
    case $step in
        secrets | keys | assets | site | prune | smoke) "aws_$step" "$stage" "$@" ;;
        deploy | task | rollback)
            (($# == 1)) || die "./dev aws $step $stage needs one argument" "./dev aws help"
            "aws_$step" "$stage" "$1"
            ;;
        push)
            (($# == 2)) || die "./dev aws push $stage needs a program and an image" "./dev aws help"
            aws_push "$stage" "$@"
            ;;
        *) die "there is no step '$step'" "./dev aws help" ;;
    esac
}
