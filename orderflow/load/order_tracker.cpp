#include "orderflow/load/order_tracker.hpp"

#include "libs/orders/domain/status.hpp"
#include "orderflow/load/answer.hpp"

namespace orderflow::load {
namespace {

constexpr auto interval = 2ms;
constexpr auto answer_within = 5s;
constexpr auto patience = 60s;  // with one order
constexpr int found = 200;

}  // namespace

OrderTracker::OrderTracker(boost::asio::io_context& loop, const net::ListenAddress& server, Executor& timers,
                           const Clock& clock, const RequestText& text, LatencyHistogram& confirmed)
    : client_(loop, server, *this), timers_(timers), clock_(clock), text_(text), confirmed_(confirmed) {}

void OrderTracker::follow(std::string_view order_id, Instant acknowledged) {
    order_ = order_id;
    acknowledged_ = acknowledged;
    ask();
}

void OrderTracker::ask() {
    text_.get("/v1/orders/" + order_, client_.request());
    client_.send(clock_.now() + answer_within);
}

void OrderTracker::ask_later() {
    timers_.post_at(clock_.now() + interval, [this] { ask(); });
}

void OrderTracker::answered(net::HttpClient&, const net::HttpAnswer& answer) {
    const auto status = answer.status == found ? status_in(answer.body) : std::string_view();
    if (status.empty()) return give_up();
    misses_ = 0;
    const auto known = orders::parse_order_status(status);
    const auto waited = clock_.now() - acknowledged_;
    if (known && orders::is_settled(*known)) {
        confirmed_.add(waited);
        order_.clear();
    } else if (known == orders::OrderStatus::on_hold || waited > patience) {
        order_.clear();
    } else {
        ask_later();
    }
}

void OrderTracker::failed(net::HttpClient&, net::HttpFailure) { order_.clear(); }

void OrderTracker::give_up() {
    ++misses_;
    order_.clear();
}

}  // namespace orderflow::load
