#include "tests/simulation/faulty_queue.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::simulation {

using orders::MessageId;
using orders::ReceiptHandle;
using orders::ReceivedMessage;
using orders::VisibilityChange;

namespace {

constexpr std::size_t seen_max = 64;

std::unexpected<Error> refused() { return fail(ErrorKind::unavailable, "queue.down"); }
// A code that leaves the outcome open (see orders::was_refused).
std::unexpected<Error> open_ended() { return fail(ErrorKind::unavailable, "queue.timeout"); }

}  // namespace

task<Result<std::vector<Result<MessageId>>>> FaultyQueue::send(std::vector<orders::OutgoingMessage> messages) {
    if (life_.gone || mischief_.strikes(Fault::send_refused)) co_return refused();
    if (mischief_.strikes(Fault::send_lost)) co_return open_ended();
    auto sent = co_await inner_.send(std::move(messages));
    if (sent) trace_.note(name_, "took {} messages", sent->size());
    if (mischief_.strikes(Fault::send_answer_lost)) {
        trace_.note(name_, "answer to a send is lost");
        co_return open_ended();
    }
    co_return sent;
}

task<Result<std::vector<ReceivedMessage>>> FaultyQueue::receive(orders::ReceiveRequest request) {
    if (life_.gone) co_return refused();
    const auto most = request.max_messages;
    auto received = co_await inner_.receive(std::move(request));
    if (!received) co_return received;
    for (const auto& message : *received) {
        trace_.note(name_, "delivers {} for the {}. time", message.id.value, message.receive_count);
    }
    if (mischief_.strikes(Fault::receive_fails)) co_return open_ended();
    co_return disorder(*std::move(received), most);
}

FaultyQueue::Messages FaultyQueue::disorder(Messages messages, std::size_t most) {
    Messages out;
    for (auto& message : messages) {
        seen_.push_back(message);
        if (seen_.size() > seen_max) seen_.pop_front();
        if (mischief_.strikes(Fault::delivered_late)) {
            late_.push_back(std::move(message));
            continue;
        }
        out.push_back(std::move(message));
    }
    while (!late_.empty() && out.size() < most && dice_.below(2) == 0) {
        out.push_back(std::move(late_.front()));
        late_.pop_front();
    }
    for (std::size_t i = 0, real = out.size(); i < real && out.size() < most; ++i) {
        if (mischief_.strikes(Fault::delivered_twice)) out.push_back(copy_of(out[i]));
    }
    if (out.size() < most && !seen_.empty() && mischief_.strikes(Fault::delivered_again)) {
        out.push_back(copy_of(seen_[dice_.below(seen_.size())]));
    }
    while (out.size() < most) {
        auto again = copies_.due();
        if (!again) break;
        trace_.note(name_, "delivers {} again", again->receipt.value);
        out.push_back(*std::move(again));
    }
    for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[dice_.below(i)]);
    return out;
}

ReceivedMessage FaultyQueue::copy_of(const ReceivedMessage& message) {
    auto copy = copies_.copy(message);
    trace_.note(name_, "delivers {} once more as {}", copy.id.value, copy.receipt.value);
    return copy;
}

task<Result<std::vector<Result<void>>>> FaultyQueue::remove(std::vector<ReceiptHandle> receipts) {
    if (life_.gone || mischief_.strikes(Fault::remove_lost)) co_return open_ended();
    const auto asked = receipts.size();
    for (const auto& receipt : receipts) copies_.remove(receipt);
    std::erase_if(receipts, Copies::is_copy);
    if (!receipts.empty()) {
        const auto removed = co_await inner_.remove(receipts);
        if (!removed) co_return fail(removed.error());
        for (const auto& one : *removed) {
            if (!one) co_return fail(one.error());
        }
        trace_.note(name_, "removed {} messages", removed->size());
    }
    if (mischief_.strikes(Fault::remove_answer_lost)) co_return open_ended();
    co_return std::vector<Result<void>>(asked);
}

task<Result<std::vector<Result<void>>>> FaultyQueue::change_visibility(std::vector<VisibilityChange> changes) {
    if (life_.gone || mischief_.strikes(Fault::change_lost)) co_return open_ended();
    std::vector<Result<void>> answers(changes.size());
    std::vector<VisibilityChange> real;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        if (Copies::is_copy(changes[i].receipt)) {
            copies_.change_visibility(changes[i]);
            continue;
        }
        real.push_back(std::move(changes[i]));
        places.push_back(i);
    }
    if (real.empty()) co_return answers;
    auto changed = co_await inner_.change_visibility(std::move(real));
    if (!changed) co_return fail(std::move(changed).error());
    for (std::size_t i = 0; i < places.size(); ++i) answers[places[i]] = std::move((*changed)[i]);
    co_return answers;
}

task<Result<orders::QueueCounts>> FaultyQueue::counts() {
    if (life_.gone) co_return refused();
    co_return co_await inner_.counts();
}

}  // namespace orderflow::simulation
