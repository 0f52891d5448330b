#include "libs/aws/lambda_batch.hpp"

#include <utility>

namespace orderflow::aws {

using orders::MessageId;
using orders::ReceiptHandle;
using orders::ReceivedMessage;

void LambdaBatch::open(std::vector<LambdaRecord> records) {
    (void)close();
    entries_.reserve(records.size());
    for (auto& record : records) {
        place_of_.emplace(record.message.receipt.value, entries_.size());
        entries_.push_back({.record = std::move(record)});
    }
    open_ = entries_.size();
    opened_.notify();
}

task<bool> LambdaBatch::settled_by(Instant until) {
    while (open_ > 0) {
        if (co_await settled_.wait_until(until) == Woken::by_time) break;
    }
    co_return open_ == 0;
}

void LambdaBatch::withhold() {
    for (auto& [record, state] : entries_) {
        if (state != State::waiting) continue;
        state = State::returned;
        --open_;
    }
    if (open_ == 0) settled_.notify();
}

std::vector<MessageId> LambdaBatch::close() {
    std::vector<MessageId> left;
    for (auto& [record, state] : entries_) {
        if (state != State::removed) left.push_back(std::move(record.message.id));
    }
    entries_.clear();
    place_of_.clear();
    open_ = 0;
    return left;
}

std::vector<ReceivedMessage> LambdaBatch::take(std::string_view queue, std::size_t most) {
    std::vector<ReceivedMessage> taken;
    for (auto& [record, state] : entries_) {
        if (taken.size() == most) break;
        if (state != State::waiting || record.queue != queue) continue;
        state = State::handed_out;
        auto body = std::exchange(record.message.body, {});  // nobody else needs it any more
        taken.push_back(record.message);
        taken.back().body = std::move(body);
    }
    return taken;
}

bool LambdaBatch::end(const ReceiptHandle& receipt, State state) {
    const auto found = place_of_.find(receipt.value);
    if (found == place_of_.end()) return false;
    auto& entry = entries_[found->second];
    if (entry.state != State::handed_out) return false;
    entry.state = state;
    if (--open_ == 0) settled_.notify();
    return true;
}

task<Result<std::vector<ReceivedMessage>>> LambdaBatchQueue::receive(orders::ReceiveRequest request) {
    auto taken = batch_.take(name_, request.max_messages);
    if (taken.empty()) co_await batch_.opened_.wait_until(clock_.now() + request.wait, request.stop);
    co_return taken;
}

task<Result<std::vector<Result<void>>>> LambdaBatchQueue::remove(std::vector<ReceiptHandle> receipts) {
    for (const auto& receipt : receipts) (void)batch_.end(receipt, LambdaBatch::State::removed);
    co_return std::vector<Result<void>>(receipts.size());
}

task<Result<std::vector<Result<void>>>> LambdaBatchQueue::change_visibility(
    std::vector<orders::VisibilityChange> changes) {
    // First the queue: an invocation that has ended is frozen, and a call that is under way with it.
    std::vector<orders::VisibilityChange> known;
    std::vector<Result<void>> answers;
    for (const auto& change : changes) {
        if (batch_.place_of_.contains(change.receipt.value)) {
            if (change.timeout > std::chrono::seconds::zero()) known.push_back(change);
            answers.emplace_back();
        } else {
            answers.emplace_back(fail(ErrorKind::conflict, "queue.message_not_inflight"));
        }
    }
    if (!known.empty()) (void)co_await itself_.change_visibility(std::move(known));
    for (const auto& change : changes) (void)batch_.end(change.receipt, LambdaBatch::State::returned);
    co_return answers;
}

}  // namespace orderflow::aws
