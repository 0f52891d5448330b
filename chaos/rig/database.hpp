// Database: the PostgreSQL of a trial. It comes and goes, and may have a synchronous standby to fail over to.
//
// Two servers have their places from the start: one is the primary, the other its standby, or nothing yet. Clients know
// both addresses and look for the one that takes writes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/testing/postgres_node.hpp"

namespace orderflow::chaos {

class Database {
  public:
    // Makes the primary in `directory` and starts it; the standby's place stays empty. Throws Skipped when PostgreSQL
    // is not installed; whatever else fails throws std::runtime_error with what the server said.
    explicit Database(const std::filesystem::path& directory);

    // What DATABASE_URL is to be.
    std::string url() const;
    // The answer of the primary, without its line break.
    std::string ask(const std::string& sql) const;
    std::string primary_log() const { return primary().log(); }

    // SIGKILL to the primary and to each of its processes.
    void kill() { primary().kill_all(); }
    // The primary in immediate mode: sessions are cut, nothing is written down.
    void stop_immediately() { primary().stop_immediately(); }
    void start() { primary().start(); }
    // Ends the sessions of all programs and says how many there were.
    std::uint64_t end_sessions() const;

    // Makes the other server a standby that every commit waits for, and waits until it is one.
    void add_standby();
    // The primary is killed and the standby takes its place; the other place is empty then.
    void fail_over();

  private:
    PostgresNode& primary() const { return *nodes_[primary_]; }
    PostgresNode& other() const { return *nodes_[1 - primary_]; }

    std::string password_;
    std::array<std::unique_ptr<PostgresNode>, 2> nodes_;
    std::size_t primary_ = 0;
};

}  // namespace orderflow::chaos
