# shellcheck shell=bash
# What a person sees: colours, errors that say what to do, and long commands as one line with their elapsed time.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    readonly bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' faint=$'\e[2m' plain=$'\e[0m'
else
    readonly bold='' red='' green='' faint='' plain=''
fi
readonly log_dir=$root/build/log

say() { printf '%s\n' "$*"; }

# die <what happened and why> <what to do>
die() {
    printf '%serror:%s %s\n       %s\n' "$red" "$plain" "$1" "$2" >&2
    exit 1
}

elapsed() {
    local seconds=$((SECONDS - $1))
    printf '%d:%02d' $((seconds / 60)) $((seconds % 60))
}

# Repaints one line each second: the phase, its elapsed time and the last line of its log.
paint_progress() {
    local name=$1 log=$2 started=$3 last width
    while sleep 1; do
        width=$((${COLUMNS:-80} - ${#name} - 12))
        ((width > 10)) || width=10
        last=$(tail -c 400 "$log" 2>/dev/null | tr '\r' '\n' | grep -v '^$' | tail -n 1 | cut -c "1-$width") || true
        printf '\r\e[K%s %s%s %s%s' "$name" "$faint" "$(elapsed "$started")" "$last" "$plain"
    done
}

# phase <name> <command...>: the command's output goes to build/log/<name>.log. On failure its last lines are shown.
# Returns the exit code of the command.
phase() {
    local name=$1 painter='' code=0 started=$SECONDS
    local log="$log_dir/${name// /-}.log"
    shift
    mkdir -p "$log_dir"
    if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
        : >"$log"
        paint_progress "$name" "$log" "$started" &
        painter=$!
    else
        say "$name ..."
    fi
    "$@" >"$log" 2>&1 || code=$?
    if [[ -n $painter ]]; then
        kill "$painter" 2>/dev/null || true
        wait "$painter" 2>/dev/null || true
        printf '\r\e[K'
    fi
    if ((code == 0)); then
        say "${green}ok${plain}     $name $faint$(elapsed "$started")$plain"
    else
        say "${red}failed${plain} $name $faint$(elapsed "$started")$plain, the end of ${log#"$root"/}:"
        tail -n 40 "$log" | sed 's/^/    /'
    fi
    return "$code"
}
