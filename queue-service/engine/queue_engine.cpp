#include "queue-service/engine/queue_engine.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::queue {

namespace {

std::unexpected<Error> unknown_queue() { return fail(ErrorKind::not_found, "queue.unknown"); }

// A receipt names one delivery: an old one never touches a newer.
bool is_latest(const DeliveryState* state, const DeliveryName& name) {
    if (state == nullptr) return false;
    return state->receive_count == name.receive_count || !safeguard(Safeguard::receipt_fence);
}

bool is_visibility_timeout(std::chrono::seconds timeout) {
    return timeout.count() >= 0 && timeout <= limits::visibility_timeout_max;
}

}  // namespace

QueueEngine::QueueEngine(SipKey receipt_key, Entropy& entropy, EngineLimits limits)
    : receipt_key_(receipt_key), entropy_(entropy), limits_(limits) {}

Result<QueueNo> QueueEngine::create_queue(const QueueName& name, const QueueSettings& settings, const Tags& tags,
                                          Now now, Changes& changes, NameCooldown cooldown) {
    if (auto valid = validate(name); !valid) return fail(std::move(valid).error());
    if (auto valid = validate(settings); !valid) return fail(std::move(valid).error());
    if (auto valid = validate(tags); !valid) return fail(std::move(valid).error());
    if (const auto known = names_.find(name); known != names_.end()) {
        if (at(known->second)->record().settings == settings) return known->second;
        return fail(ErrorKind::conflict, "queue.exists", name.name);
    }
    if (auto valid = check_redrive(name, settings); !valid) return fail(std::move(valid).error());
    if (limits_.cooldowns && cooldown == NameCooldown::kept && removed_names_.is_recent(name, now.wall)) {
        return fail(ErrorKind::conflict, "queue.deleted_recently", name.name);
    }
    release_names(now, changes);
    const auto no = next_queue_;
    next_queue_ = QueueNo{std::to_underlying(no) + 1};
    QueueRecord record{
        .no = no, .name = name, .settings = settings, .tags = tags, .created_at = now.wall, .modified_at = now.wall};
    changes.emplace_back(QueueWritten{record});
    names_.emplace(name, no);
    redrive_sources_.add(name, settings);
    queues_.try_emplace(no, std::move(record), limits_.window, deadlines_);
    return no;
}

Result<void> QueueEngine::change_settings(QueueNo queue, const QueueSettings& settings, Now now, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    if (auto valid = validate(settings); !valid) return valid;
    const auto& name = known->record().name;
    const auto& before = known->record().settings;
    if (settings.redrive != before.redrive) {
        if (auto valid = check_redrive(name, settings); !valid) return valid;
    }
    redrive_sources_.remove(name, before);
    redrive_sources_.add(name, settings);
    known->change_settings(settings, now, changes);
    next_sweep_ = now.instant;  // a shorter retention acts at once
    return {};
}

Result<void> QueueEngine::remove_queue(QueueNo queue, Now now, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    const auto name = known->record().name;
    known->clear(changes);
    move_tasks_.forget(queue, changes);
    changes.emplace_back(QueueRemoved{queue, name, now.wall});
    redrive_sources_.remove(name, known->record().settings);
    names_.erase(name);
    queues_.erase(queue);
    removed_names_.add(name, now.wall);
    release_names(now, changes);
    return {};
}

Result<void> QueueEngine::purge(QueueNo queue, Now now, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    const auto last = known->record().purged_at;
    if (limits_.cooldowns && last && is_recent(*last, now.wall, limits::purge_cooldown)) {
        return fail(ErrorKind::conflict, "queue.purge_in_progress");
    }
    known->purge(now, changes);
    return {};
}

Result<QueueNo> QueueEngine::find(const QueueName& name) const {
    const auto known = names_.find(name);
    if (known == names_.end()) return unknown_queue();
    return known->second;
}

Result<void> QueueEngine::tag(QueueNo queue, const Tags& tags, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    auto all = known->record().tags;
    for (const auto& [key, value] : tags) all.insert_or_assign(key, value);
    if (auto valid = validate(all); !valid) return valid;
    known->change_tags(std::move(all), changes);
    return {};
}

Result<void> QueueEngine::untag(QueueNo queue, const std::vector<std::string>& keys, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    auto all = known->record().tags;
    for (const auto& key : keys) all.erase(key);
    known->change_tags(std::move(all), changes);
    return {};
}

std::vector<std::string> QueueEngine::list_queues(const QueueScope& scope, const std::string& prefix,
                                                  const std::string& after, std::size_t limit) const {
    std::vector<std::string> names;
    const auto behind = names_.upper_bound({scope, after});
    const auto within = names_.lower_bound({scope, prefix});
    for (auto it = after < prefix ? within : behind; it != names_.end() && names.size() < limit; ++it) {
        const auto& name = it->first;
        if (name.scope != scope || !name.name.starts_with(prefix)) break;
        names.push_back(name.name);
    }
    return names;
}

Result<std::vector<std::string>> QueueEngine::dead_letter_sources(QueueNo queue, const std::string& after,
                                                                  std::size_t limit) const {
    const auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    return redrive_sources_.list(known->record().name, after, limit);
}

Result<QueueRecord> QueueEngine::record(QueueNo queue) const {
    const auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    return known->record();
}

const QueueName* QueueEngine::name_of(QueueNo queue) const {
    const auto* const known = at(queue);
    return known == nullptr ? nullptr : &known->record().name;
}

std::vector<QueueNo> QueueEngine::queues() const {
    std::vector<QueueNo> all;
    for (const auto& [name, no] : names_) all.push_back(no);
    return all;
}

Result<QueueCounts> QueueEngine::counts(QueueNo queue, Now now) const {
    const auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    return known->counts(now);
}

Result<QueueTotals> QueueEngine::totals(QueueNo queue) const {
    const auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    return known->totals();
}

bool QueueEngine::has_visible(QueueNo queue) const {
    const auto* const known = at(queue);
    return known != nullptr && known->has_visible();
}

Result<MessageId> QueueEngine::send(QueueNo queue, NewMessage message, Now now, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    const auto& settings = known->record().settings;
    if (message.body.empty()) return fail(ErrorKind::invalid_input, "queue.message_empty");
    if (message.body.size() + message.attributes.size() > settings.maximum_message_size) {
        return fail(ErrorKind::invalid_input, "queue.message_too_long");
    }
    const auto delay = message.delay.value_or(settings.delay);
    if (delay.count() < 0 || delay > limits::delay_max) return fail(ErrorKind::invalid_input, "queue.delay_invalid");

    auto sent = std::make_shared<Message>();
    sent->id = MessageId::random(entropy_);
    sent->body = std::move(message.body);
    sent->attributes = std::move(message.attributes);
    sent->sent_at = now.wall;
    const auto id = sent->id;
    known->add(std::move(sent), delay, now, changes);
    if (!next_sweep_) next_sweep_ = now.instant + limits::expiry_sweep_interval;
    return id;
}

Result<std::vector<Delivery>> QueueEngine::receive(QueueNo queue, const ReceiveOptions& options, Now now,
                                                   Changes& changes) {
    if (auto valid = check_receive(queue, options); !valid) return fail(std::move(valid).error());
    auto* const known = at(queue);
    const auto timeout = options.visibility_timeout.value_or(known->record().settings.visibility_timeout);

    std::vector<Delivery> out;
    auto* const dead_letters = dead_letter_queue_of(*known);
    auto chores = limits_.chore_chunk;
    while (out.size() < options.max_messages) {
        if (known->in_flight() >= limits_.in_flight && known->has_visible()) {
            if (out.empty()) return fail(ErrorKind::throttled, "queue.over_limit");
            break;
        }
        chores -= known->clear_front(chores, dead_letters, now, changes);
        if (chores == 0) {
            next_sweep_ = now.instant;  // the rest in the next steps
            break;
        }
        auto delivered = known->deliver_front(timeout, options.holder, now, changes);
        if (!delivered) break;
        const MessageKey key{queue, delivered->sequence};
        const auto& state = delivered->state;
        out.push_back({.key = key,
                       .message = std::move(delivered->message),
                       .receipt = to_receipt_handle(receipt_key_, {key, state.receive_count}),
                       .receive_count = state.receive_count,
                       .sent_at = state.sent_at,
                       .first_received_at = state.first_received_at});
    }
    return out;
}

Result<void> QueueEngine::check_receive(QueueNo queue, const ReceiveOptions& options) const {
    if (at(queue) == nullptr) return unknown_queue();
    if (options.max_messages == 0 || options.max_messages > limits::receive_messages_max) {
        return fail(ErrorKind::invalid_input, "queue.max_messages_invalid");
    }
    if (options.visibility_timeout && !is_visibility_timeout(*options.visibility_timeout)) {
        return fail(ErrorKind::invalid_input, "queue.visibility_timeout_invalid");
    }
    return {};
}

Result<void> QueueEngine::remove(QueueNo queue, std::string_view receipt, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    const auto name = parse(*known, receipt);
    if (!name) return fail(name.error());
    const auto* const state = known->delivery(name->message.sequence);
    if (is_latest(state, *name)) known->remove(name->message.sequence, changes);
    return {};
}

Result<void> QueueEngine::change_visibility(QueueNo queue, std::string_view receipt, std::chrono::seconds timeout,
                                            Now now, Changes& changes) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    const auto name = parse(*known, receipt);
    if (!name) return fail(name.error());
    if (!is_visibility_timeout(timeout)) return fail(ErrorKind::invalid_input, "queue.visibility_timeout_invalid");
    const auto sequence = name->message.sequence;
    const auto* const state = known->delivery(sequence);
    if (!is_latest(state, *name) || !known->is_in_flight(sequence)) {
        return fail(ErrorKind::conflict, "queue.message_not_inflight");
    }
    if (now.instant + timeout - state->received_at > limits::visibility_timeout_max) {
        return fail(ErrorKind::invalid_input, "queue.visibility_timeout_invalid", "beyond 12 hours since the receive");
    }
    known->change_visibility(sequence, timeout, now, changes);
    return {};
}

void QueueEngine::advance(Now now, Changes& changes, Moves moves) {
    while (const auto due = deadlines_.take_due(now.instant)) at(due->queue)->make_visible(due->sequence);
    if (next_sweep_ && *next_sweep_ <= now.instant) sweep(now, changes);
    if (moves == Moves::held) return;
    std::vector<QueueNo> sources;  // first: a task without a rate is due again at once
    while (const auto source = move_tasks_.take_due(now.instant)) sources.push_back(*source);
    for (const auto source : sources) {
        auto& task = *move_tasks_.active(source);
        run_move_task(task, MoveTasks::step_size(task, limits_.chore_chunk), nullptr, now, changes);
    }
}

std::optional<Instant> QueueEngine::next_deadline() const {
    std::optional<Instant> next;
    for (const auto deadline : {deadlines_.next(), next_sweep_, move_tasks_.next_deadline()}) {
        if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    return next;
}

void QueueEngine::sweep(Now now, Changes& changes) {
    auto chores = limits_.chore_chunk;
    bool waiting = false;  // for the next sweep
    bool more = false;     // to be done at once
    for (auto& [no, queue] : queues_) {
        const auto cleared = queue.clear_front(chores, nullptr, now, changes);
        chores -= cleared;
        waiting = waiting || queue.totals().messages > 0;
        more = more || chores == 0 || (cleared > 0 && queue.wanted_page());
    }
    next_sweep_.reset();
    if (waiting) next_sweep_ = more ? now.instant : now.instant + limits::expiry_sweep_interval;
}

std::optional<PageRequest> QueueEngine::wanted_page(QueueNo queue) const {
    const auto* const known = at(queue);
    return known == nullptr ? std::nullopt : known->wanted_page();
}

Result<void> QueueEngine::take_page(QueueNo queue, const Page& page) {
    auto* const known = at(queue);
    if (known == nullptr) return unknown_queue();
    return known->take_page(page);
}

std::size_t QueueEngine::window_size() const {
    std::size_t sum = 0;
    for (const auto& [no, queue] : queues_) sum += queue.window_size();
    return sum;
}

Result<void> QueueEngine::restore(const QueueRecord& record, const QueueTotals& totals,
                                  const std::vector<std::pair<std::uint64_t, DeliveryState>>& deliveries, Now now) {
    if (!names_.emplace(record.name, record.no).second) {
        return fail(ErrorKind::internal, "queue.journal_damaged", "two queues of one name");
    }
    redrive_sources_.add(record.name, record.settings);
    reserve_queue_numbers(QueueNo{std::to_underlying(record.no) + 1});
    if (totals.messages > 0) next_sweep_ = now.instant;
    auto& queue = queues_.try_emplace(record.no, record, limits_.window, deadlines_).first->second;
    return queue.restore(totals, deliveries, now);
}

void QueueEngine::reserve_queue_numbers(QueueNo next) { next_queue_ = std::max(next_queue_, next); }

Result<void> QueueEngine::check_redrive(const QueueName& name, const QueueSettings& settings) const {
    if (!settings.redrive) return {};
    const QueueName target{name.scope, settings.redrive->dead_letter_queue};
    const auto known = names_.find(target);
    if (target == name || known == names_.end()) {
        return fail(ErrorKind::invalid_input, "queue.dead_letter_queue_unknown", target.name);
    }
    const auto& policy = at(known->second)->record().settings.redrive_allow;
    if (policy && !policy->allows(name)) {
        return fail(ErrorKind::invalid_input, "queue.redrive_not_allowed", target.name);
    }
    return {};
}

void QueueEngine::release_names(Now now, Changes& changes) {
    while (auto name = removed_names_.take_old(now.wall)) changes.emplace_back(NameReleased{*std::move(name)});
}

StandardQueue* QueueEngine::at(QueueNo queue) {
    const auto it = queues_.find(queue);
    return it == queues_.end() ? nullptr : &it->second;
}

const StandardQueue* QueueEngine::at(QueueNo queue) const {
    const auto it = queues_.find(queue);
    return it == queues_.end() ? nullptr : &it->second;
}

StandardQueue* QueueEngine::dead_letter_queue_of(const StandardQueue& queue) {
    const auto& redrive = queue.record().settings.redrive;
    if (!redrive) return nullptr;
    const auto known = names_.find(QueueName{queue.record().name.scope, redrive->dead_letter_queue});
    return known == names_.end() ? nullptr : at(known->second);
}

Result<DeliveryName> QueueEngine::parse(const StandardQueue& queue, std::string_view receipt) const {
    auto name = parse_receipt_handle(receipt_key_, receipt);
    if (name && name->message.queue != queue.record().no) {
        return fail(ErrorKind::invalid_input, "queue.receipt_handle_invalid", "of another queue");
    }
    return name;
}

}  // namespace orderflow::queue
