// Clients: the people and programs that use the shop: they place orders, repeat them until they have an answer, send
// other content under the same key, cancel, look, and follow event streams. They keep the history that the audit judges
// and complain about what nobody should ever see.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/audit/history.hpp"
#include "libs/json/value.hpp"
#include "libs/testing/sim_threads.hpp"
#include "tests/simulation/exchange.hpp"
#include "tests/simulation/mischief.hpp"
#include "tests/simulation/trace.hpp"

namespace orderflow::simulation {

class Program;

// What readers were shown of one order.
struct Sightings {
    std::int64_t version = 0;  // the highest one
    std::map<std::int64_t, std::string> statuses;
    std::map<std::int64_t, std::string> events;
};

class Clients {
  public:
    // Everything outlives them. `thread` is not one of the program's: it outlives every process.
    Clients(SimThreads::Thread& thread, const Clock& clock, Entropy& dice, Mischief& mischief, Trace& trace);

    // Plans `orders` orders, spread over `time`.
    void begin(std::size_t orders, BootClock::duration time);
    // The program listens; null: nobody does, and what was under way has no answer.
    void connect(Program* program);
    // No new looks: what was begun is brought to its end.
    void wind_up() { winding_up_ = true; }
    // Nobody waits for anything.
    bool done() const { return activities_ == 0; }

    const audit::History& history() const noexcept { return history_; }
    const std::vector<std::string>& complaints() const noexcept { return complaints_; }
    const std::map<orders::OrderId, Sightings>& sightings() const noexcept { return sightings_; }
    // The event streams that are open, with the version that each told last.
    std::vector<std::pair<orders::OrderId, std::int64_t>> open_streams() const;

  private:
    struct Order;
    struct Stream;
    // nullopt: no answer. `sent`: whether the request can have reached the program.
    struct Reply {
        std::optional<Answer> answer;
        bool sent = true;
    };
    using Then = std::function<void(Reply)>;
    struct Call {
        std::shared_ptr<Exchange> exchange;
        Then then;
    };
    using OrderPtr = std::shared_ptr<Order>;

    // The network.
    void send(std::shared_ptr<Exchange> exchange, Then then);
    void bring(Instant& line, std::function<void()> work);
    void arrive(std::uint64_t call);
    void answer(std::uint64_t call, Reply reply);
    void later(std::chrono::milliseconds most, std::function<void()> work);

    // What clients do.
    OrderPtr plan_order(std::size_t number);
    std::string body_of(const Order& order, const std::vector<audit::AskedLine>& lines);
    void place(const OrderPtr& order, const std::string& body, const std::vector<audit::AskedLine>& lines, int tries);
    void placed(const OrderPtr& order, const std::string& body, const std::vector<audit::AskedLine>& lines, int tries,
                const audit::Attempt& attempt, const Reply& reply);
    void accepted(const OrderPtr& order);
    void race(const OrderPtr& order);
    void cancel(const OrderPtr& order, int tries);
    void look(const OrderPtr& order, int times);
    void looked(const OrderPtr& order, std::int64_t at_least, const Reply& reply);
    void follow(const OrderPtr& order, const std::shared_ptr<Stream>& stream);
    void followed(const OrderPtr& order, Stream& stream, const std::string& piece);
    void check_shelf(int times);

    std::size_t begin_attempt(audit::Attempt attempt);
    audit::Outcome outcome_of(const Reply& reply) const;
    void complain(std::string what);

    SimThreads::Thread& thread_;
    const Clock& clock_;
    Entropy& dice_;
    Mischief& mischief_;
    Trace& trace_;
    Program* program_ = nullptr;
    std::uint64_t connection_ = 0;  // counts the lives of the program

    std::map<std::uint64_t, Call> calls_;
    std::uint64_t next_call_ = 1;
    std::size_t activities_ = 0;
    bool winding_up_ = false;
    bool payments_fail_ = false;  // most of them, at first

    audit::History history_;
    std::map<orders::OrderId, Sightings> sightings_;
    std::vector<std::pair<OrderPtr, std::shared_ptr<Stream>>> streams_;
    std::vector<std::string> complaints_;
};

}  // namespace orderflow::simulation
