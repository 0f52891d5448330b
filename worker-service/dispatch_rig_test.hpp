// What surrounds a dispatcher of events in tests: a receiver, a store with a switch, an observer that remembers.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/async/sleep.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/event_sender.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/sim_loop.hpp"
#include "worker-service/dispatch_observer.hpp"

namespace orderflow::worker {

inline orders::SendAnswer taken() {
    orders::SendAnswer answer;
    answer.status = 204;
    return answer;
}
inline orders::SendAnswer status(int code) {
    orders::SendAnswer answer;
    answer.status = code;
    answer.code = "http-" + std::to_string(code);
    answer.gone = code == 410;
    return answer;
}

// A receiver that remembers what it was sent, and answers as it is told, after a time.
class Receiver final : public orders::EventSender {
  public:
    explicit Receiver(SimLoop& loop) : loop_(loop) {}
    std::function<orders::SendAnswer(const std::string& id)> answer = [](const std::string&) { return taken(); };
    BootClock::duration takes = 0s;
    std::vector<std::string> seen;      // ids, in the order of arrival
    std::vector<std::string> accepted;  // those that were answered with 2xx
    std::vector<std::string> types;
    std::size_t at_once = 0;
    std::size_t at_once_max = 0;
    std::vector<std::string> tenants;
    std::vector<std::string> traceparents;
    bool knows_topics = true;

    bool serves(const orders::EventEndpoint& endpoint) const override {
        return knows_topics || !is_topic(endpoint.settings);
    }

    task<orders::SendAnswer> send(orders::EventEndpoint, orders::OutgoingEvent event, Instant deadline,
                                  std::stop_token stop) override {
        seen.push_back(event.id);
        types.push_back(event.type);
        tenants.push_back(event.tenant);
        traceparents.push_back(event.traceparent);
        at_once_max = std::max(at_once_max, ++at_once);
        auto end = answer(event.id);
        if (takes > 0s) {
            const auto until = std::min(deadline, loop_.clock().now() + takes);
            if (co_await sleep_until(loop_, until, stop) == Woken::by_signal) {
                end = orders::SendAnswer();
                end.code = "http.stopped";
                end.stopped = true;
            } else if (until == deadline) {
                end = orders::SendAnswer();
                end.code = "http.timeout";
            }
        }
        --at_once;
        if (end.code.empty()) accepted.push_back(event.id);
        co_return end;
    }

  private:
    SimLoop& loop_;
};

class SilentObserver final : public DispatchObserver {
  public:
    void called(const orders::EventDelivery&) override {}
    void serving(std::string_view, bool) override {}
    void disabled(std::string_view, std::string_view code) override { disabled_codes.emplace_back(code); }
    void state(std::string_view, const DispatchState& state) override { last = state; }
    void endpoints(const EndpointCounts& now) override { counts = now; }
    void declared(std::string_view id) override { declared_ids.emplace_back(id); }
    void store_failed(std::string_view, const Error&) override { ++store_failures; }
    EndpointCounts counts;
    std::vector<std::string> declared_ids;
    std::vector<std::string> disabled_codes;
    DispatchState last;
    int store_failures = 0;
};

// The store's ports, with a switch.
class SwitchableStore final : public orders::EndpointStore {
  public:
    explicit SwitchableStore(orders::EndpointStore& store) : store_(store) {}
    bool down = false;
    task<Result<bool>> change_lease(orders::LeaseChange change) override {
        if (down) co_return fail(ErrorKind::unavailable, "store.down");
        co_return co_await store_.change_lease(std::move(change));
    }
    task<Result<void>> record(orders::DeliveryProgress progress) override {
        if (down) co_return fail(ErrorKind::unavailable, "store.down");
        co_return co_await store_.record(std::move(progress));
    }

  private:
    orders::EndpointStore& store_;
};

inline std::vector<std::string> of_order(const std::vector<std::string>& ids, std::uint32_t number) {
    const auto name = orders::samples::order_id(number).to_string();
    std::vector<std::string> found;
    std::ranges::copy_if(ids, std::back_inserter(found), [&](const auto& id) { return id.starts_with(name); });
    return found;
}

}  // namespace orderflow::worker
