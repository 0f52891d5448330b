#include "chaos/rig/database.hpp"

#include <fmt/format.h>

#include <charconv>
#include <random>
#include <stdexcept>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/port.hpp"
#include "chaos/rig/probe.hpp"
#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {
namespace {

namespace fs = std::filesystem;

constexpr auto time_to_follow = 60s;

std::string new_password() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

std::unique_ptr<PostgresNode> node_in(const fs::path& directory) {
    fs::create_directories(directory);
    return std::make_unique<PostgresNode>(
        PostgresNodeOptions{.directory = directory, .port = free_port(), .settings = {"shared_buffers=64MB"}});
}

}  // namespace

Database::Database(const fs::path& directory) : password_(new_password()) {
    nodes_[0] = node_in(directory / "server-1");
    nodes_[1] = node_in(directory / "server-2");
    try {
        primary().make(password_);
    } catch (const std::runtime_error& failed) {
        throw Skipped(std::string("no PostgreSQL: ") + failed.what());
    }
    primary().start();
}

std::string Database::url() const {
    return fmt::format("postgresql://superuser:{}@127.0.0.1:{},127.0.0.1:{}/postgres?target_session_attrs=read-write",
                       password_, nodes_[0]->port(), nodes_[1]->port());
}

std::string Database::ask(const std::string& sql) const {
    auto answer = primary().sql(sql);
    while (answer.ends_with('\n')) answer.pop_back();
    return answer;
}

std::uint64_t Database::end_sessions() const {
    const auto ended = primary().sql(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'orderflow'");
    std::uint64_t count = 0;
    std::from_chars(ended.data(), ended.data() + ended.size(), count);
    return count;
}

void Database::add_standby() {
    primary().sql("ALTER SYSTEM RESET synchronous_standby_names");  // a copy of it must not wait for one itself
    other().make_standby_of(primary(), password_);
    other().start();
    primary().sql("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary().sql("SELECT pg_reload_conf()");
    const SystemClock clock;
    const auto until = clock.now() + time_to_follow;
    while (primary().sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1\n") {
        if (clock.now() >= until) throw std::runtime_error("the standby does not follow: " + other().log());
        pause(50ms);
    }
}

void Database::fail_over() {
    primary().kill_all();
    other().promote();
    primary_ = 1 - primary_;
}

}  // namespace orderflow::chaos
