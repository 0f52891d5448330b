#include "libs/testing/in_memory_message_queue.hpp"

#include <algorithm>
#include <utility>

namespace orderflow {

using orders::MessageId;
using orders::OutgoingMessage;
using orders::QueueCounts;
using orders::ReceiptHandle;
using orders::ReceivedMessage;
using orders::ReceiveRequest;
using orders::VisibilityChange;

struct InMemoryMessageQueue::Message {
    std::string id;
    std::string body;
    WallTime sent_at{};
    WallTime first_received_at{};
    Instant visible_at{};
    std::uint32_t receive_count = 0;
    bool in_flight = false;  // delivered, and its lease may still run
    std::optional<std::string> dead_letter_source = std::nullopt;

    std::string receipt() const { return id + "/" + std::to_string(receive_count); }
};

struct InMemoryMessageQueue::Poll {
    Poll(ReceiveRequest r, Completion<Result<std::vector<ReceivedMessage>>> d)
        : request(std::move(r)), done(std::move(d)) {}
    ReceiveRequest request;
    Completion<Result<std::vector<ReceivedMessage>>> done;
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
    bool finished = false;
};

namespace {

constexpr std::chrono::minutes delay_max{15};
constexpr std::chrono::seconds wait_max{20};
constexpr std::chrono::hours visibility_max{12};

// "<message id>/<receive count>"
bool has_form(const ReceiptHandle& receipt) {
    const auto slash = receipt.value.rfind('/');
    return slash != std::string::npos && receipt.value.find_first_not_of("0123456789", slash + 1) == std::string::npos;
}

std::unexpected<Error> invalid(const char* code) { return fail(ErrorKind::invalid_input, code); }

std::unexpected<Error> down() { return fail(ErrorKind::unavailable, "queue.down", "The test says so."); }
std::unexpected<Error> full() { return fail(ErrorKind::unavailable, "queue.disk_full", "The test says so."); }

}  // namespace

InMemoryMessageQueue::InMemoryMessageQueue(Executor& executor, const Clock& clock, Settings settings,
                                           InMemoryMessageQueue* dead_letters)
    : executor_(executor), clock_(clock), settings_(std::move(settings)), dead_letters_(dead_letters) {}

InMemoryMessageQueue::~InMemoryMessageQueue() = default;

template <class Answer, class Work>
task<Answer> InMemoryMessageQueue::on_executor(Work work) {
    co_return co_await await_completion<Answer>([&](Completion<Answer> done) {
        executor_.post([this, held = std::move(work), answer = std::move(done)]() mutable {
            answer.complete(down_ ? Answer(down()) : held());
        });
    });
}

task<InMemoryMessageQueue::SendAnswer> InMemoryMessageQueue::send(std::vector<OutgoingMessage> messages) {
    co_return co_await await_completion<SendAnswer>([&](Completion<SendAnswer> done) {
        executor_.post([this, held = std::move(messages), answer = std::move(done)]() mutable {
            handle_send(std::move(held), std::move(answer));
        });
    });
}

void InMemoryMessageQueue::handle_send(std::vector<OutgoingMessage> messages, Completion<SendAnswer> done) {
    if (down_) return done.complete(down());
    if (full_) return done.complete(full());
    std::optional<SendFault> fault;
    if (!faults_.empty()) {
        fault = std::move(faults_.front());
        faults_.pop_front();
    }
    const auto kind = fault ? std::optional(fault->kind) : std::nullopt;
    if (kind == SendFault::Kind::fail_call) return done.complete(std::unexpected(fault->error));
    auto answer = take(std::move(messages), fault);
    serve_polls();
    if (kind == SendFault::Kind::lose_answer) return done.complete(std::unexpected(fault->error));
    if (kind == SendFault::Kind::hold_answer) return void(held_.emplace_back(std::move(done), std::move(answer)));
    done.complete(std::move(answer));
}

InMemoryMessageQueue::SendAnswer InMemoryMessageQueue::take(std::vector<OutgoingMessage> messages,
                                                            const std::optional<SendFault>& fault) {
    batch_sizes_.push_back(messages.size());
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += message.body.size();
    if (messages.empty() || messages.size() > settings_.limits.entries || bytes > settings_.limits.bytes) {
        return invalid("queue.batch_out_of_limits");
    }
    std::vector<Result<MessageId>> answers;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (fault && fault->kind == SendFault::Kind::refuse_entry && fault->entry == i) {
            answers.emplace_back(std::unexpected(fault->error));
            continue;
        }
        if (messages[i].body.empty() || messages[i].delay > delay_max) {
            answers.emplace_back(invalid("queue.message_out_of_limits"));
            continue;
        }
        Message message{.id = settings_.name + "-" + std::to_string(next_id_++),
                        .body = std::move(messages[i].body),
                        .sent_at = clock_.wall(),
                        .visible_at = clock_.now() + messages[i].delay};
        answers.emplace_back(MessageId{message.id});
        wake_at(message.visible_at);
        messages_.push_back(std::move(message));
    }
    return answers;
}

task<Result<std::vector<ReceivedMessage>>> InMemoryMessageQueue::receive(ReceiveRequest request) {
    using Answer = Result<std::vector<ReceivedMessage>>;
    co_return co_await await_completion<Answer>([&](Completion<Answer> done) {
        auto poll = std::make_shared<Poll>(std::move(request), std::move(done));
        executor_.post([this, poll] { begin_poll(poll); });
    });
}

void InMemoryMessageQueue::begin_poll(const std::shared_ptr<Poll>& poll) {
    if (down_) return poll->done.complete(down());
    if (poll->request.wait > wait_max) return poll->done.complete(invalid("queue.wait_out_of_limits"));
    polls_.push_back(poll);
    serve_polls();
    if (poll->finished) return;
    if (poll->request.wait <= 0ms || poll->request.stop.stop_requested()) return finish_poll(poll);
    executor_.post_at(clock_.now() + poll->request.wait, [this, poll] { finish_poll(poll); });
    poll->on_stop.emplace(poll->request.stop, [this, weak = std::weak_ptr(poll)] {
        executor_.post([this, weak] {
            if (const auto stopped = weak.lock()) finish_poll(stopped);
        });
    });
}

// With what is there now, maybe nothing.
void InMemoryMessageQueue::finish_poll(const std::shared_ptr<Poll>& poll) {
    if (std::exchange(poll->finished, true)) return;
    std::erase(polls_, poll);
    poll->done.complete(down_ ? Result<std::vector<ReceivedMessage>>(down()) : deliver(poll->request));
}

void InMemoryMessageQueue::serve_polls() {
    const auto is_visible = [&](const Message& message) { return message.visible_at <= clock_.now(); };
    while (!polls_.empty() && std::ranges::any_of(messages_, is_visible)) finish_poll(std::shared_ptr(polls_.front()));
}

std::vector<ReceivedMessage> InMemoryMessageQueue::deliver(const ReceiveRequest& request) {
    std::vector<ReceivedMessage> delivered;
    for (auto at = messages_.begin(); at != messages_.end() && delivered.size() < request.max_messages;) {
        if (at->visible_at > clock_.now()) {
            ++at;
            continue;
        }
        if (dead_letters_ != nullptr && settings_.max_receive_count &&
            at->receive_count >= *settings_.max_receive_count) {
            at->dead_letter_source = settings_.name;
            at->receive_count = 0;
            at->in_flight = false;
            dead_letters_->messages_.splice(dead_letters_->messages_.end(), messages_, at++);
            dead_letters_->wake_at(clock_.now());
            continue;
        }
        if (at->receive_count++ == 0) at->first_received_at = clock_.wall();
        at->in_flight = true;
        at->visible_at = clock_.now() + request.visibility_timeout.value_or(settings_.visibility_timeout);
        wake_at(at->visible_at);
        ReceivedMessage message;
        message.id = MessageId{at->id};
        message.receipt = ReceiptHandle{at->receipt()};
        message.body = at->body;
        message.receive_count = at->receive_count;
        message.sent_at = at->sent_at;
        message.first_received_at = at->first_received_at;
        message.dead_letter_source = at->dead_letter_source;
        delivered.push_back(std::move(message));
        ++at;
    }
    return delivered;
}

task<Result<std::vector<Result<void>>>> InMemoryMessageQueue::remove(std::vector<ReceiptHandle> receipts) {
    auto work = [this, handles = std::move(receipts)]() -> Result<std::vector<Result<void>>> {
        std::vector<Result<void>> answers;
        for (const auto& receipt : handles) {
            answers.emplace_back();
            if (!has_form(receipt)) answers.back() = invalid("queue.receipt_malformed");
            const auto* found = find_receipt(receipt);
            std::erase_if(messages_, [&](const Message& message) { return &message == found; });
        }
        return answers;
    };
    co_return co_await on_executor<Result<std::vector<Result<void>>>>(std::move(work));
}

task<Result<std::vector<Result<void>>>> InMemoryMessageQueue::change_visibility(std::vector<VisibilityChange> changes) {
    auto work = [this, wanted = std::move(changes)]() -> Result<std::vector<Result<void>>> {
        std::vector<Result<void>> answers;
        for (const auto& change : wanted) answers.push_back(change_one(change));
        serve_polls();
        return answers;
    };
    co_return co_await on_executor<Result<std::vector<Result<void>>>>(std::move(work));
}

Result<void> InMemoryMessageQueue::change_one(const VisibilityChange& change) {
    if (!has_form(change.receipt)) return invalid("queue.receipt_malformed");
    if (change.timeout > visibility_max) return invalid("queue.timeout_out_of_limits");
    auto* found = find_receipt(change.receipt);
    if (found == nullptr || !found->in_flight || found->visible_at <= clock_.now()) {
        return fail(ErrorKind::conflict, "queue.message_not_inflight");
    }
    found->visible_at = clock_.now() + change.timeout;
    wake_at(found->visible_at);
    return {};
}

task<Result<QueueCounts>> InMemoryMessageQueue::counts() {
    co_return co_await on_executor<Result<QueueCounts>>([this]() -> Result<QueueCounts> { return count(); });
}

QueueCounts InMemoryMessageQueue::count() const {
    QueueCounts counts;
    counts.full = full_;
    for (const auto& message : messages_) {
        if (message.visible_at <= clock_.now()) {
            ++counts.visible;
        } else if (message.in_flight) {
            ++counts.in_flight;
        } else {
            ++counts.delayed;
        }
    }
    if (!messages_.empty()) counts.oldest_age = clock_.wall() - messages_.front().sent_at;
    return counts;
}

void InMemoryMessageQueue::release_answers() {
    for (auto& [done, answer] : std::exchange(held_, {})) done.complete(std::move(answer));
}

void InMemoryMessageQueue::end_leases() {
    for (auto& message : messages_) message.visible_at = clock_.now();
    serve_polls();
}

std::vector<std::string> InMemoryMessageQueue::bodies() const {
    std::vector<std::string> list;
    for (const auto& message : messages_) list.push_back(message.body);
    return list;
}

InMemoryMessageQueue::Message* InMemoryMessageQueue::find_receipt(const ReceiptHandle& receipt) {
    const auto found = std::ranges::find(messages_, receipt.value, &Message::receipt);
    return found == messages_.end() ? nullptr : &*found;
}

void InMemoryMessageQueue::wake_at(Instant at) {
    executor_.post_at(at, [this] { serve_polls(); });
}

}  // namespace orderflow
