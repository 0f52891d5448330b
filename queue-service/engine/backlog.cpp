#include "queue-service/engine/backlog.hpp"

#include <utility>

#include "libs/base/invariant.hpp"

namespace orderflow::queue {

void Backlog::push(std::uint64_t sequence, MessagePtr message) {
    if (cold_count_ == 0 && window_has_room()) {
        append_to_window(sequence, std::move(message));
    } else {
        push_cold(sequence);
    }
}

void Backlog::push_cold(std::uint64_t sequence) {
    if (cold_count_++ == 0) cold_first_ = sequence;
    cold_last_ = sequence;
}

void Backlog::restore_cold(std::uint64_t first, std::uint64_t last, std::uint64_t count) {
    ORDERFLOW_INVARIANT(size() == 0);
    cold_first_ = first;
    cold_last_ = last;
    cold_count_ = count;
}

PageRow Backlog::pop_front() {
    ORDERFLOW_INVARIANT(!window_.empty());
    auto row = std::move(window_.front());
    window_.pop_front();
    window_bytes_ -= row.message->size();
    return row;
}

void Backlog::clear() {
    window_.clear();
    window_bytes_ = 0;
    cold_count_ = 0;
}

std::optional<PageRequest> Backlog::wanted() const {
    if (cold_count_ == 0) return std::nullopt;
    if (window_.size() * 2 > limits_.messages || window_bytes_ * 2 > limits_.bytes) return std::nullopt;
    return PageRequest{.first = cold_first_,
                       .last = cold_last_,
                       .max_messages = limits_.messages - window_.size(),
                       .max_bytes = limits_.bytes - window_bytes_};
}

Result<void> Backlog::take_page(const Page& page, const IsTracked& is_tracked) {
    for (const auto& row : page.rows) {
        cold_first_ = row.sequence + 1;
        if (is_tracked(row.sequence)) continue;
        if (cold_count_ == 0) return fail(ErrorKind::internal, "queue.journal_damaged", "more messages than counted");
        --cold_count_;
        append_to_window(row.sequence, row.message);
    }
    if (page.end && cold_count_ > 0) return fail(ErrorKind::internal, "queue.journal_damaged", "messages are missing");
    return {};
}

void Backlog::append_to_window(std::uint64_t sequence, MessagePtr message) {
    ORDERFLOW_INVARIANT(window_.empty() || window_.back().sequence < sequence);
    window_bytes_ += message->size();
    window_.push_back({sequence, std::move(message)});
}

bool Backlog::window_has_room() const noexcept {
    return window_.size() < limits_.messages && window_bytes_ < limits_.bytes;
}

}  // namespace orderflow::queue
