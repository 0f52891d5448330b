// System: what is under trial, on one data directory: `orderflow` alone, or the three services that talk the Amazon SQS
// protocol. With PostgreSQL there are two workers and two APIs, and a payment provider that both workers share.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/rig/container.hpp"
#include "chaos/rig/program.hpp"

namespace orderflow::chaos {

enum class Deployment : std::uint8_t { one_program, services };
enum class Store : std::uint8_t { sqlite, postgres };

// Where an installation is, for its programs and for its audit.
struct Place {
    std::filesystem::path data;
    std::string database_url;        // empty: the store is a file in `data`
    std::filesystem::path payments;  // the provider's ledger; empty: the simulated one's in `data`
};

class System {
  public:
    // `settings` are added to those of every program; with images the services are containers. Nothing is started.
    System(Deployment deployment, const Place& place, const Program::Settings& settings,
           const std::optional<Images>& images = {});

    // The payment provider, if it is a program of its own: it is never broken.
    std::optional<Program>& provider() { return provider_; }

    // In the order in which they are started: the worker makes the order store that the API reads.
    std::deque<Program>& programs() { return programs_; }
    // The only program. Throws std::logic_error when there are more.
    Program& only();
    // The n-th whose turn it is when each gets its share: of the services first the worker.
    Program& in_turn(std::uint64_t n);
    // Throws std::runtime_error when no program that runs has a thread of this name.
    Program& with_thread(const std::string& thread);

    const Program& api() const { return programs_.back(); }  // takes orders
    std::vector<const Program*> apis() const;                // all that do
    Program& queue() { return programs_.front(); }           // has the queues
    // Without it no order is acknowledged.
    bool takes_orders(const Program& program) const;
    // Where counters are told besides the own ones of this API.
    std::vector<std::uint16_t> more_metrics(const Program& api) const;

    // Of containers: from its next start on the program is of this release.
    void set_release(Program& program, Release release);

    // The services find their queues at this port of loopback (a proxy), from their next start on.
    void queue_at(std::uint16_t port);

    // Messages in all queues, by the metrics; nothing when that is not told.
    std::optional<std::uint64_t> messages_left() const;

  private:
    std::optional<Images> images_;
    std::optional<Program> provider_;
    std::deque<Program> programs_;
};

// The sum of all metrics of these names on a page in Prometheus's text format. Pure.
std::uint64_t sum_of_metrics(std::string_view page, const std::vector<std::string_view>& names);

}  // namespace orderflow::chaos
