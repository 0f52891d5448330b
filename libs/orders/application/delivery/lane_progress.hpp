// LaneProgress: which event of a lane is sent next, and what follows from the answer. A state machine without time,
// network or store of its own: what it would have to remember is an EventLane.
//
//   read -> window: waiting -> under way -> done; the cursor stands before the oldest that is not done
//                                  \-> failed: the order is held back, and its newer events with it
//
// Promises: of one order one event is under way at a time, in the order of versions; an event that fails holds back
// later ones of its order alone; what is not in stored() after a crash is sent again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/application/delivery/retry_schedule.hpp"
#include "libs/orders/domain/event_endpoint.hpp"

namespace orderflow::orders {

// An event to be sent. Of a held order only its name is known; the event is read from the order's history.
struct LaneWork {
    LaneWork(OrderId o, std::int32_t v, std::int32_t a) : order(o), version(v), attempt(a) {}
    OrderId order;
    std::int32_t version;
    std::int32_t attempt;               // from 1
    std::int32_t through = 0;           // of a held order: the newest version to be looked for
    std::optional<OrderEvent> event{};  // absent: of a held order, or a test
    bool gone = false;                  // the order has no history any more: it was archived or erased
};

struct AttemptResult {
    enum class Kind : std::uint8_t {
        delivered,
        failed,
        gone,     // the endpoint says that it is no more (410)
        dropped,  // it was ended by us and says nothing of the endpoint
    };
    explicit AttemptResult(Kind k) : kind(k) {}
    Kind kind;
    std::chrono::milliseconds retry_after{0};
};

struct AttemptVerdict {
    DeliveryOutcome outcome = DeliveryOutcome::delivered;
    std::optional<std::chrono::milliseconds> wait = {};  // before the next attempt
    std::string disable = {};                            // the endpoint's new disabled_code; empty: go on
};

class LaneProgress {
  public:
    static constexpr std::size_t window_max = 256;  // events that were read and are not done
    static constexpr std::int32_t failing_after = 10;
    // Clocks of several workers differ; events of a range lie in the order of commits, not of times.
    static constexpr std::chrono::minutes range_slack{10};
    // What is held when the first call succeeds again is tried within this time.
    static constexpr std::chrono::milliseconds catch_up_within{2000};

    struct Time {
        Instant now;
        WallTime wall;
    };

    // Waits go on where they stood: what is left of one is never more than it was, wherever the wall clock is.
    LaneProgress(EventLane stored, const EndpointSettings& settings, Time time);

    // What was changed by an operator; all that waits is tried now.
    void endpoint_changed(const EndpointSettings& settings, std::int64_t revision, Instant now);

    // Whether more is to be read, and behind what.
    bool wants_events() const;
    EventPosition read_to() const { return read_to_; }
    // add() said so, and nothing came since.
    bool is_at_end() const noexcept { return at_end_; }
    // Of a range whose begin nobody has found: start_at() is to be called, a little before since().
    bool needs_start() const noexcept { return !lane_.found_start; }
    WallTime since() const { return lane_.since.value_or(WallTime()); }
    void start_at(EventPosition position);
    // The events that follow read_to(); `at_end`: there were no more just now.
    void add(std::vector<FeedEvent> events, bool at_end);

    // The next event to be sent now, if any. It is under way until finished() or nothing_left().
    std::optional<LaneWork> take(Instant now);
    // When take() may have something although nothing else happens.
    std::optional<Instant> next_due() const;

    AttemptVerdict finished(const LaneWork& work, const AttemptResult& result, Time time, std::uint64_t random);
    // Of a held order: the history has nothing to be sent from the version on. What is gone is given up.
    void nothing_left(const LaneWork& work);
    // Of a held order: the versions between are not wanted, or gone; the work is this version now.
    void moved_on(LaneWork& work, std::int32_t version);

    // The oldest event that is to be sent, of an order's history up to that version; null: none.
    const OrderEvent* next_wanted(const std::vector<OrderEvent>& history, std::int32_t through) const;
    bool is_failing() const noexcept { return lane_.failures >= failing_after; }
    bool is_over() const;  // has ended and can be forgotten
    std::size_t under_way() const noexcept { return under_way_; }

    const std::string& id() const noexcept { return lane_.id; }
    LaneKind kind() const noexcept { return lane_.kind; }
    // What is to be stored now; is_dirty() since the last call.
    EventLane stored(Time time);
    bool is_dirty() const noexcept { return dirty_; }
    void set_dirty() noexcept { dirty_ = true; }

    // Read and not delivered; and the time of the oldest such event.
    std::size_t backlog() const noexcept { return window_.size() + held_.size(); }
    std::size_t held_orders() const noexcept { return held_.size(); }
    std::optional<WallTime> oldest() const;

  private:
    enum class State : std::uint8_t { waiting, under_way, done };
    struct Item {
        explicit Item(FeedEvent e) : feed(std::move(e)) {}
        FeedEvent feed;
        State state = State::waiting;
    };
    struct Held {
        HeldOrder order;
        Instant due{};
        bool under_way = false;
    };

    bool is_wanted(const OrderEvent& event, WallTime committed) const;
    Held* find_held(const OrderId& order);
    std::optional<LaneWork> take_held(Instant now);
    std::optional<LaneWork> take_new();
    // Nothing new is tried while all fails; without anything that is held, something new has to tell.
    bool only_probes() const noexcept { return is_failing() && !held_.empty(); }
    bool is_blocked(Instant now) const { return now < paused_until_; }
    void advance_cursor();
    void hold(const OrderId& order, std::int32_t version, Time time);
    void succeed(const LaneWork& work, Time time, std::uint64_t random);
    void pass(Held& held);
    AttemptVerdict fail(const LaneWork& work, const AttemptResult& result, Time time, std::uint64_t random);

    EventLane lane_;  // without its held orders
    EndpointSettings settings_;
    EventPosition read_to_;
    std::deque<Item> window_;
    std::vector<Held> held_;
    Instant paused_until_{};
    std::size_t under_way_ = 0;
    bool at_end_ = false;
    bool dirty_ = false;
};

}  // namespace orderflow::orders
