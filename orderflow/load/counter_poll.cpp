#include "orderflow/load/counter_poll.hpp"

namespace orderflow::load {
namespace {

constexpr std::size_t page_bytes_max = std::size_t{1024} * 1024;
constexpr int found = 200;

}  // namespace

CounterPoll::CounterPoll(boost::asio::io_context& loop, const MetricsPage& page, const Clock& clock,
                         std::chrono::milliseconds answer_within)
    : client_(loop, page.server, *this, page_bytes_max),
      clock_(clock),
      question_("GET " + page.path + " HTTP/1.1\r\nHost: " + page.host + "\r\n\r\n"),
      answer_within_(answer_within) {}

void CounterPoll::ask() {
    if (client_.is_busy()) return;
    client_.request() = question_;
    client_.send(clock_.now() + answer_within_);
}

void CounterPoll::answered(net::HttpClient&, const net::HttpAnswer& answer) {
    ++told_;
    newest_.reset();
    if (answer.status != found) return;
    newest_ = read_counters(answer.body);
    if (!newest_->settled) return;
    if (!settled_at_start_) settled_at_start_ = newest_->settled;
    restarted_ = restarted_ || *newest_->settled < settled_before_;
    settled_before_ = *newest_->settled;
}

void CounterPoll::failed(net::HttpClient&, net::HttpFailure) {
    ++told_;
    newest_.reset();
}

std::optional<std::uint64_t> CounterPoll::settled_since_start() const {
    if (restarted_ || !settled_at_start_) return std::nullopt;
    return settled_before_ - *settled_at_start_;
}

}  // namespace orderflow::load
