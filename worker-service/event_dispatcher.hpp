// EventDispatcher: takes the events of orders to the endpoints that want them.
//
//   feed -> LaneProgress -> EventSender -> LaneProgress -> EndpointStore
//
// Promises: each event that an endpoint wants is delivered at least once, with the same id each time; of one order in
// the order of versions; what a dead worker had not recorded is sent again. Of several workers one serves an endpoint
// at a time. Why it is so: docs/adr/0017-events-out.md.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/async/gate.hpp"
#include "libs/base/entropy.hpp"
#include "libs/observe/tracer.hpp"
#include "libs/orders/application/delivery/lane_progress.hpp"
#include "libs/orders/application/intake/loop_parts.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/event_sender.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "worker-service/dispatch_observer.hpp"

namespace orderflow::worker {

struct DispatchPolicy {
    BootClock::duration poll = 200ms;          // looks for new events, of each endpoint
    BootClock::duration endpoints_every = 1s;  // looks for endpoints, and for what operators changed
    BootClock::duration lease_time = 30s;      // an owner that does not beat for so long is gone
    BootClock::duration beat_every = 5s;
    BootClock::duration call_time = 15s;  // of one call
    BootClock::duration store_retry = 1s;
    BootClock::duration record_time = 1s;    // of a drain, for the store
    BootClock::duration forget_every = 60s;  // the delivery log
    std::size_t calls_max = 8;               // at the same time, to one endpoint
    std::size_t topic_calls_max = 40;        // events; ten of them share a call (libs/aws/sns_event_sender.hpp)
    std::size_t unrecorded_max = 64;         // calls whose end is not stored yet
    std::uint32_t page_transitions = 64;
};

// For one loop; everything it is given outlives it.
class EventDispatcher {
  public:
    struct Parts {
        orders::EndpointStore& store;
        orders::EndpointReader& reader;
        orders::OrderReader& orders;
        orders::EventSender& sender;
        DispatchObserver& observer;
        Entropy& entropy;
        observe::Tracer* tracer = nullptr;  // none: no spans
    };
    EventDispatcher(Parts parts, orders::LoopParts loop, DispatchPolicy policy);
    // After stop() came to its end, or when the loop does not run any more.
    ~EventDispatcher();
    EventDispatcher(const EventDispatcher&) = delete;
    EventDispatcher& operator=(const EventDispatcher&) = delete;

    // Once.
    void start();
    // No call begins any more. What is under way comes to its end, is recorded, and its lease is given back.
    void ask_to_stop();
    // ask_to_stop(), then waits. Calls under way may come to their end until record_time before the deadline; then they
    // are cut off and count for nothing. What was delivered is recorded, leases are given back. The events of one
    // transition have one place: when some of them are left, all are sent again by whoever comes next; so is what the
    // store has not answered for by the deadline.
    task<void> stop(Instant deadline);

  private:
    struct Ended;
    struct Served;
    // What was seen of a lease that somebody else has.
    struct Watch {
        std::string owner;
        std::int64_t beat = 0;
        Instant since{};
    };

    task<void> run(Gate::Pass pass);
    task<void> look_at_endpoints();
    task<void> consider(orders::EventEndpoint endpoint);
    task<void> serve(orders::EventEndpoint endpoint, Gate::Pass pass);
    task<bool> keep(std::shared_ptr<Served> served);
    task<bool> refresh(std::shared_ptr<Served> served);
    task<bool> beat(std::shared_ptr<Served> served);
    task<void> read_events(std::shared_ptr<Served> served);
    // What the feed holds behind a position.
    struct Ahead {
        bool begins = true;            // nothing, or a transition that was not over before a time
        std::int64_t transaction = 0;  // that it belongs to
    };
    task<Result<Ahead>> ahead_of(orders::EventPosition position, WallTime since);
    task<Result<orders::EventPosition>> position_of(WallTime since);
    task<void> find_start(std::shared_ptr<Served> served, std::string lane);
    void begin_calls(const std::shared_ptr<Served>& served);
    task<void> call(std::shared_ptr<Served> served, std::string lane, orders::LaneWork work, Gate::Pass pass);
    task<std::optional<orders::OutgoingEvent>> event_of(std::shared_ptr<Served> served, std::string lane,
                                                        orders::LaneWork& work);
    task<std::string> tenant_of(orders::OrderId order);
    observe::Span begin_span(const orders::EventEndpoint& endpoint, const orders::LaneWork& work,
                             orders::OutgoingEvent& event);
    void take_in(Served& served, Ended ended);
    void log_gone(Served& served, const Ended& ended, WallTime now);
    task<bool> record(std::shared_ptr<Served> served);
    task<void> give_back(std::shared_ptr<Served> served);
    void tell(const Served& served);
    orders::LaneProgress::Time moment() const { return {loop_.clock.now(), loop_.clock.wall()}; }
    bool stopping() const { return stop_.stop_requested(); }

    Parts parts_;
    orders::LoopParts loop_;
    DispatchPolicy policy_;
    std::string owner_;  // of this run of this program
    std::map<std::string, Watch> watches_;
    std::map<std::string, std::shared_ptr<Served>> served_;
    std::stop_source stop_;
    std::stop_source cut_off_;  // calls
    Gate gate_;
};

}  // namespace orderflow::worker
