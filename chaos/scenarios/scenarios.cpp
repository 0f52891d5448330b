#include <array>

#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {

bool fits(const Scenario& scenario, Deployment deployment) noexcept {
    if (scenario.subject == Subject::any) return true;
    return (scenario.subject == Subject::services) == (deployment == Deployment::services);
}

bool fits(const Scenario& scenario, Store store) noexcept {
    if (scenario.stores == Stores::any) return true;
    return (scenario.stores == Stores::postgres) == (store == Store::postgres);
}

bool fits(const Scenario& scenario, const std::optional<Images>& images) noexcept {
    switch (scenario.packages) {
        case Packages::any: return true;
        case Packages::processes: return !images;
        case Packages::releases: return images && !images->before.empty();
    }
    return false;
}

std::span<const Scenario> scenarios() noexcept {
    static constexpr std::array<Scenario, 19> all = {{
        {"kills", "kill -9 at random moments, also while it starts", 30, kill_at_random, Subject::any, Stores::any,
         Packages::any},
        {"power-cuts", "power cuts on a real ext4: what was not synced is gone", 20, cut_the_power},
        {"every-sync", "dies at the 1st, 2nd, ... sync, from the first start on an empty directory", 200,
         kill_at_every_sync},
        {"every-write", "the same at every write to a file", 400, kill_at_every_write},
        {"disk-errors", "the n-th sync or write fails with EIO: it must stop acknowledging and say why", 24,
         fail_the_disk, Subject::any},
        {"full-disk", "no room: 503 with Retry-After, /readyz red, /healthz green; goes on when there is room", 4,
         fill_the_disk},
        {"pauses", "SIGSTOP and SIGCONT; the first pause is longer than every lease", 6, pause_and_continue,
         Subject::any, Stores::any, Packages::any},
        {"descriptors", "no file descriptor left: it must not spin, and recover", 3, exhaust_descriptors},
        {"memory", "memory limits: killed by the kernel, and allocations that fail", 8, limit_memory},
        {"clock", "the wall clock jumps by hours and by years, forward and back", 8, jump_the_clock},
        {"restarts", "SIGTERM and start again under load: what is on its way is answered", 10, restart_in_turn,
         Subject::any, Stores::any, Packages::any},
        {"same-key", "several clients send the same keys at once while it is killed", 10, hammer_same_keys},
        {"mix", "all of it in one installation, in random order", 30, mix_faults},
        {"network", "resets, cut, stalled and late answers, throttling between worker or API and the queue", 10,
         break_the_network, Subject::services, Stores::any, Packages::any},
        {"outages", "half a minute without the queue, then without the store: all stay green and go on by themselves",
         2, take_parts_away, Subject::services, Stores::sqlite, Packages::any},
        {"database", "PostgreSQL killed -9, restarted in immediate mode, its sessions ended, in turn", 21,
         break_the_database, Subject::any, Stores::postgres, Packages::any},
        {"failovers", "PostgreSQL killed -9 and its synchronous standby promoted; a worker dies with every other", 5,
         fail_over, Subject::any, Stores::postgres, Packages::any},
        {"releases", "an update from the release before and back, one container at a time, in turn", 4,
         update_and_roll_back, Subject::services, Stores::postgres, Packages::releases},
        {"mixed-kills", "kill -9 in turn while both releases work together", 20, kill_two_releases, Subject::services,
         Stores::postgres, Packages::releases},
    }};
    return all;
}

}  // namespace orderflow::chaos
