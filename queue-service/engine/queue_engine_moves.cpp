// The part of QueueEngine that runs message move tasks.
#include <utility>

#include "queue-service/engine/queue_engine.hpp"

namespace orderflow::queue {

namespace {

std::unexpected<Error> unknown_queue() { return fail(ErrorKind::not_found, "queue.unknown"); }

}  // namespace

Result<std::string> QueueEngine::start_move_task(QueueNo source, const MoveOrder& order, Now now, Changes& changes) {
    const auto* const from = at(source);
    if (from == nullptr) return unknown_queue();
    const auto& name = from->record().name;
    if (!redrive_sources_.any(name)) return fail(ErrorKind::invalid_input, "queue.not_dead_letter_queue", name.name);
    if (order.rate && (*order.rate == 0 || *order.rate > limits::move_rate_max)) {
        return fail(ErrorKind::invalid_input, "queue.move_rate_invalid");
    }
    const auto* const to = order.destination ? name_of(*order.destination) : nullptr;
    if (order.destination && (to == nullptr || *to == name || to->scope != name.scope)) {
        return fail(ErrorKind::invalid_input, "queue.move_destination_invalid");
    }
    if (move_tasks_.active(source) != nullptr) return fail(ErrorKind::conflict, "queue.move_task_active");
    MoveTask task{.id = MessageId::random(entropy_),
                  .source = source,
                  .order = order,
                  .through = from->totals().next_sequence - 1,
                  .to_move = from->counts(now).visible,
                  .started_at = now.wall};
    if (to != nullptr) task.destination_name = to->name;
    auto handle = to_task_handle(task.id, name);
    move_tasks_.start(std::move(task), now.instant, changes);
    return handle;
}

Result<std::uint64_t> QueueEngine::cancel_move_task(const QueueScope& scope, std::string_view handle, Now now,
                                                    Changes& changes) {
    const auto name = parse_task_handle(handle);
    if (!name) return fail(name.error());
    const auto source = name->source.scope == scope ? find(name->source) : unknown_queue();
    auto* const task = source ? move_tasks_.find(*source, name->id) : nullptr;
    if (task == nullptr) return fail(ErrorKind::not_found, "queue.move_task_unknown");
    if (task->status != MoveStatus::running) return fail(ErrorKind::conflict, "queue.move_task_not_running");
    task->status = MoveStatus::cancelling;
    move_tasks_.wake(*source, now.instant);
    changes.emplace_back(MoveTaskWritten{*task});
    return task->moved;
}

Result<std::vector<MoveTaskReport>> QueueEngine::move_tasks(QueueNo source, std::size_t limit) const {
    const auto* const name = name_of(source);
    if (name == nullptr) return unknown_queue();
    std::vector<MoveTaskReport> reports;
    for (auto& task : move_tasks_.list(source, limit)) {
        MoveTaskReport report{.task = std::move(task), .handle = {}, .source = *name, .destination = std::nullopt};
        report.handle = to_task_handle(report.task.id, *name);
        if (report.task.order.destination) report.destination = QueueName{name->scope, report.task.destination_name};
        reports.push_back(std::move(report));
    }
    return reports;
}

Result<void> QueueEngine::restore_move_task(const MoveTask& task, Now now) {
    if (at(task.source) == nullptr) {
        return fail(ErrorKind::internal, "queue.journal_damaged", "a move task without its source");
    }
    move_tasks_.restore(task, now.instant);
    return {};
}

std::optional<MessageKey> QueueEngine::wanted_message() const {
    if (wanting_content_.empty()) return std::nullopt;
    const auto source = wanting_content_.begin()->first;
    return MessageKey{source, at(source)->front(move_tasks_.active(source)->through)->sequence};
}

void QueueEngine::redrive_wanted(const Message& content, Now now, Changes& changes) {
    const auto wanting = wanting_content_.extract(wanting_content_.begin());
    run_move_task(*move_tasks_.active(wanting.key()), wanting.mapped(), &content, now, changes);
}

void QueueEngine::run_move_task(MoveTask& task, std::size_t left, const Message* content, Now now, Changes& changes) {
    const auto moved_before = task.moved;
    auto outcome = Moved::one;
    if (task.status == MoveStatus::cancelling) {
        task.status = MoveStatus::cancelled;
    } else {
        for (; left > 0 && outcome == Moved::one; content = nullptr) {
            outcome = move_one(task, content, now, changes);
            if (outcome == Moved::one) --left;
        }
        switch (outcome) {
            case Moved::one:
            case Moved::not_now: {
                const auto moved = MoveTasks::step_size(task, limits_.chore_chunk) - left;
                move_tasks_.wake(task.source, MoveTasks::after_step(task, moved, now.instant));
                break;
            }
            case Moved::content_wanted: wanting_content_.emplace(task.source, left); break;
            case Moved::nothing_left: task.status = MoveStatus::completed; break;
            case Moved::failed: task.status = MoveStatus::failed; break;
        }
    }
    if (task.moved != moved_before || !task.is_active()) changes.emplace_back(MoveTaskWritten{task});
}

QueueEngine::Moved QueueEngine::move_one(MoveTask& task, const Message* content, Now now, Changes& changes) {
    auto& source = *at(task.source);
    const auto chores = limits_.chore_chunk;
    if (source.clear_front(chores, nullptr, now, changes) == chores) return Moved::not_now;
    const auto front = source.front(task.through);
    if (!front) return source.window_size() == 0 && source.wanted_page() ? Moved::not_now : Moved::nothing_left;

    StandardQueue* to = nullptr;
    if (task.order.destination) {
        to = at(*task.order.destination);
    } else {
        const auto* const message = front->message ? front->message.get() : content;
        if (message == nullptr) return Moved::content_wanted;
        if (message->dead_letter_source.empty()) {
            task.failure_reason = move_failed_no_source;
            return Moved::failed;
        }
        if (const auto known = find({source.record().name.scope, message->dead_letter_source})) to = at(*known);
    }
    if (to == nullptr) {
        task.failure_reason = move_failed_no_queue;
        return Moved::failed;
    }
    source.redrive_front(task.through, *to, changes);
    ++task.moved;
    return Moved::one;
}

}  // namespace orderflow::queue
