#include "orderflow/load/counter_poll.hpp"

#include <utility>

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

void CounterPoll::begin_anew() {
    outdated_ = client_.is_busy();
    newest_.reset();
}

void CounterPoll::answered(net::HttpClient&, const net::HttpAnswer& answer) {
    if (std::exchange(outdated_, false)) return;
    ++told_;
    newest_.reset();
    if (answer.status != found) return;
    newest_ = read_counters(answer.body);
    if (!newest_->settled) return;
    rejected_before_ = newest_->rejected.value_or(0);
    if (!settled_at_start_) {
        settled_at_start_ = newest_->settled;
        rejected_at_start_ = rejected_before_;
    }
    restarted_ = restarted_ || *newest_->settled < settled_before_;
    settled_before_ = *newest_->settled;
}

void CounterPoll::failed(net::HttpClient&, net::HttpFailure) {
    if (std::exchange(outdated_, false)) return;
    ++told_;
    newest_.reset();
}

std::optional<std::uint64_t> CounterPoll::settled_since_start() const {
    if (restarted_ || !settled_at_start_) return std::nullopt;
    return settled_before_ - *settled_at_start_;
}

std::optional<std::uint64_t> CounterPoll::rejected_since_start() const {
    if (restarted_ || !settled_at_start_) return std::nullopt;
    return rejected_before_ - rejected_at_start_;
}

}  // namespace orderflow::load
