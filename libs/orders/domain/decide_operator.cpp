#include "libs/orders/domain/decide_operator.hpp"

#include <algorithm>
#include <map>

#include "libs/base/safeguard.hpp"
#include "libs/orders/domain/import_row.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::orders {
namespace {

using Kind = OperatorStep::Kind;

constexpr const char* overtaken = "A later command about this was carried out before.";

bool is_over(const CommandRecord* record) {
    return record != nullptr && record->state != CommandState::running && safeguard(Safeguard::command_once);
}

CommandRecord record_of(const OperatorCommand& command, const OperatorLoaded& loaded, WallTime now) {
    if (loaded.record != nullptr) return *loaded.record;
    CommandRecord record(command.id, action_of(command), target_of(command), command.requested_at, now);
    record.by = command.by;
    record.reason = command.reason;
    record.bound = loaded.newest_letter;
    record.matched = loaded.matched;
    return record;
}

OperatorDecision end(CommandRecord record, CommandState state, WallTime now) {
    record.state = state;
    record.finished_at = now;
    OperatorDecision decision{OperatorStep(Kind::finished)};
    decision.record = std::move(record);
    return decision;
}

OperatorDecision refuse(CommandRecord record, std::string code, std::string detail, WallTime now) {
    record.code = std::move(code);
    record.detail = std::move(detail);
    return end(std::move(record), CommandState::refused, now);
}

void mark(StoredDeadLetter& letter, LetterState state, const std::string& command, WallTime now) {
    letter.state = state;
    letter.changed_by = command;
    letter.changed_at = now;
}

// Of a command that may still be in its queue: when it comes, its record says that it is over.
CommandRecord not_begun(const std::string& id, WallTime now) { return {id, std::string(unknown_action), "", now, now}; }

// It came after it was stopped: now it is known what it was.
OperatorDecision come_too_late(const OperatorCommand& command, CommandRecord record) {
    record.action = action_of(command);
    record.target = target_of(command);
    record.by = command.by;
    record.reason = command.reason;
    record.requested_at = command.requested_at;
    OperatorDecision decision{OperatorStep(Kind::finished)};
    decision.record = std::move(record);
    return decision;
}

// Nothing is left of the selection.
OperatorDecision finish(CommandRecord record, const ActOnLetters& act, WallTime now) {
    const auto& numbers = act.selection.numbers;
    if (numbers.empty()) return end(std::move(record), CommandState::done, now);
    record.skipped = static_cast<std::int64_t>(numbers.size()) - record.changed;
    if (record.changed > 0) return end(std::move(record), CommandState::done, now);
    if (!record.code.empty()) return end(std::move(record), CommandState::refused, now);  // by the queue
    return refuse(std::move(record), "letter.none",
                  "None of these dead letters is " + std::string(to_string(state_before(act.action))) + ".", now);
}

// An API whose clock is ahead would else overtake all that is asked for until that time has come.
WallTime asked_at(const CommandRecord& record, WallTime now) { return std::min(record.requested_at, now); }

struct ImportCount {
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t same = 0;
    std::int64_t below_reserved = 0;
    std::int64_t overtaken = 0;
    std::string why_not;  // of the first few rows that were skipped

    void skip(const ProductRow& row, const std::string& why) {
        constexpr std::size_t text_max = 400;
        if (why_not.size() >= text_max) return;
        why_not += " Line " + std::to_string(row.line) + ", " + row.product.sku.value() + ": " + why + ".";
    }
};

// The product as it is to be written; nothing when the row changes nothing or may not.
std::optional<ShelfItem> imported(const ProductRow& row, const ShelfItem* known, ImportCount& count) {
    auto result = import_row(row, known);
    switch (result.outcome) {
        case ImportedRow::Outcome::added: ++count.added; return std::move(result.after);
        case ImportedRow::Outcome::changed: ++count.changed; return std::move(result.after);
        case ImportedRow::Outcome::same: ++count.same; return std::nullopt;
        case ImportedRow::Outcome::below_reserved: break;
    }
    ++count.below_reserved;
    count.skip(row, std::to_string(result.after.stock.reserved) + " are reserved");
    return std::nullopt;
}

OperatorDecision import_products(const ImportProducts& file, const std::vector<ShelfItem>& known,
                                 const CommandTimes& times, CommandRecord record, WallTime now) {
    std::map<Sku, const ShelfItem*> by_sku;
    for (const auto& item : known) by_sku.emplace(item.product.sku, &item);
    ImportCount count;
    std::vector<ShelfItem> products;
    CommandTimes written;
    const auto at = asked_at(record, now);
    for (auto row : file.rows) {
        const auto& sku = row.product.sku;
        if (is_overtaken(times, product_subject(sku), at)) {
            ++count.overtaken;
            count.skip(row, "a later command about it was carried out before");
            continue;
        }
        if (row.on_hand && is_overtaken(times, stock_subject(sku), at)) {
            row.on_hand.reset();
            ++count.overtaken;
            count.skip(row, "not its stock, which a later command set before");
        }
        const auto below_reserved = count.below_reserved;
        const auto found = by_sku.find(sku);
        auto item = imported(row, found != by_sku.end() ? found->second : nullptr, count);
        if (count.below_reserved == below_reserved) {
            written.emplace(product_subject(sku), at);
            if (row.on_hand) written.emplace(stock_subject(sku), at);
        }
        if (item) products.push_back(*std::move(item));
    }
    std::ranges::sort(products, {}, [](const ShelfItem& item) -> const Sku& { return item.product.sku; });
    record.changed = count.added + count.changed;
    record.skipped = count.below_reserved + count.overtaken;
    record.detail = std::to_string(count.added) + " added, " + std::to_string(count.changed) + " changed, " +
                    std::to_string(count.same) + " as they were, " + std::to_string(record.skipped) + " skipped.";
    if (record.skipped > 0) {
        record.code = count.below_reserved > 0 ? "stock.below_reserved" : "stock.overtaken";
        record.detail += count.why_not;
    }
    const bool nothing = record.changed == 0 && count.same == 0;
    auto decision = end(std::move(record), nothing ? CommandState::refused : CommandState::done, now);
    decision.products = std::move(products);
    decision.times = std::move(written);
    return decision;
}

// What is in the way of some of the orders, for whoever reads the record.
void note_kept(CommandRecord& record, const Order& order, const std::string& why) {
    constexpr std::size_t kept_text_max = 400;
    ++record.skipped;
    if (record.detail.size() < kept_text_max) record.detail += " " + order.id.to_string() + " " + why + ".";
}

OperatorDecision finish_erasure(CommandRecord record, WallTime now) {
    const auto kept = std::move(record.detail);
    record.detail = std::to_string(record.changed) + " orders erased, " + std::to_string(record.skipped) + " kept.";
    if (record.skipped > 0) {
        record.code = "erasure.orders_kept";
        record.detail +=
            " Complete or cancel what is under way, redrive or discard what is open; then erase again." + kept;
    }
    return end(std::move(record), CommandState::done, now);
}

// Letters are taken up when their orders are gone, so a step that saw an order is not the last one.
OperatorDecision erase_page(ErasurePage page, CommandRecord record, WallTime now) {
    std::vector<OrderId> erased;
    for (const auto& found : page.orders) {
        const auto why = kept_because(found);
        if (why.empty()) {
            erased.push_back(found.order.id);
        } else {
            note_kept(record, found.order, why);
        }
    }
    record.changed += static_cast<std::int64_t>(erased.size());
    record.through = page.through;
    for (auto& letter : page.left_over) {
        mark(letter, LetterState::erased, record.id, now);
        erase_message(letter);
    }
    if (page.orders.empty() && page.left_over.empty() && record.through >= record.bound) {
        return finish_erasure(std::move(record), now);
    }
    OperatorDecision decision{OperatorStep(Kind::again)};
    decision.erased = std::move(erased);
    decision.letters = std::move(page.left_over);
    decision.record = std::move(record);
    return decision;
}

struct Wishes {
    CommandRecord record;
    OperatorLoaded& loaded;
    WallTime now;

    OperatorDecision operator()(const ActOnLetters& act) {
        if (loaded.letters.empty()) return finish(std::move(record), act, now);
        const auto through = loaded.letters.back().number;
        std::erase_if(loaded.letters, [&](const auto& one) { return one.state != state_before(act.action); });
        if (act.action == LetterAction::redrive && !loaded.letters.empty()) return send(through);
        const auto after = act.action == LetterAction::restore ? LetterState::open : LetterState::discarded;
        for (auto& letter : loaded.letters) mark(letter, after, record.id, now);
        record.changed += static_cast<std::int64_t>(loaded.letters.size());
        record.through = through;
        OperatorDecision decision{OperatorStep(Kind::again)};
        decision.letters = std::move(loaded.letters);
        decision.record = std::move(record);
        return decision;
    }

    OperatorDecision operator()(const EditLetter& edit) {
        if (loaded.letters.empty()) {
            return refuse(std::move(record), "letter.unknown", "There is no dead letter with this number.", now);
        }
        auto& letter = loaded.letters.front();
        if (letter.state != LetterState::open) {
            return refuse(std::move(record), "letter.not_open",
                          "The dead letter is " + std::string(to_string(letter.state)) + ".", now);
        }
        if (letter.letter.body == edit.body) return end(std::move(record), CommandState::done, now);
        if (loaded.order_is_stored) {
            return refuse(std::move(record), "letter.order_stored",
                          "The order is stored, and what is stored of it does not change by its message.", now);
        }
        if (!letter.original_body) letter.original_body = std::move(letter.letter.body);
        letter.letter.body = edit.body;
        if (edit.places) letter.order = edit.places;
        mark(letter, LetterState::open, record.id, now);
        record.changed = 1;
        auto decision = end(std::move(record), CommandState::done, now);
        decision.letters = std::move(loaded.letters);
        return decision;
    }

    OperatorDecision operator()(const ChangeStock& change) {
        if (!loaded.stock) {
            return refuse(std::move(record), "stock.unknown_sku", "There is no product " + change.sku.value() + ".",
                          now);
        }
        const auto& stock = *loaded.stock;
        const bool counted = change.mode == ChangeStock::Mode::set;
        const auto subject = stock_subject(change.sku);
        if (counted && is_overtaken(loaded.times, subject, asked_at(record, now))) {
            return refuse(std::move(record), "stock.overtaken", overtaken, now);
        }
        const auto after = counted ? std::optional(change.quantity) : checked_add(stock.on_hand, change.quantity);
        if (!after || *after > limits::on_hand_max) {
            return refuse(std::move(record), "stock.out_of_range", "There cannot be so many.", now);
        }
        if (*after < stock.reserved) {
            return refuse(
                std::move(record), "stock.below_reserved",
                std::to_string(stock.reserved) + " of " + std::to_string(stock.on_hand) + " are reserved for orders.",
                now);
        }
        record.changed = *after == stock.on_hand ? 0 : 1;
        record.detail = std::to_string(*after) + " on hand, " + std::to_string(stock.on_hand) + " before; " +
                        std::to_string(stock.reserved) + " reserved.";
        CommandTimes times;
        if (counted) times.emplace(subject, asked_at(record, now));
        auto decision = end(std::move(record), CommandState::done, now);
        decision.on_hand = after;
        decision.times = std::move(times);
        return decision;
    }

    OperatorDecision operator()(const ImportProducts& file) {
        return import_products(file, loaded.products, loaded.times, std::move(record), now);
    }

    OperatorDecision operator()(const StopCommand& stop) {
        if (stop.command_id == record.id || (loaded.other && loaded.other->state != CommandState::running)) {
            return refuse(std::move(record), "command.over", "There is nothing left of it to stop.", now);
        }
        auto other = loaded.other ? *std::move(loaded.other) : not_begun(stop.command_id, now);
        other.state = CommandState::stopped;
        other.finished_at = now;
        record.changed = 1;
        record.detail = other.action == unknown_action ? "It had not begun."
                                                       : "It had changed " + std::to_string(other.changed) + ".";
        auto decision = end(std::move(record), CommandState::done, now);
        decision.other = std::move(other);
        return decision;
    }

    OperatorDecision operator()(const DirectWorkers& direct) {
        auto after = directed(loaded.workers, direct, record.id, asked_at(record, now));
        if (!after) return refuse(std::move(record), "workers.overtaken", overtaken, now);
        const bool same =
            after->paused == loaded.workers.paused && after->in_progress_max == loaded.workers.in_progress_max;
        record.changed = same ? 0 : 1;
        auto decision = end(std::move(record), CommandState::done, now);
        decision.workers = std::move(after);
        return decision;
    }

    OperatorDecision operator()(const EndpointCommand& command) {
        auto endpoint = decide_endpoint(command, record.id, *loaded.endpoint, now);
        if (endpoint.refused()) return refuse(std::move(record), endpoint.code, endpoint.detail, now);
        CommandTimes times;
        for (const auto& subject : subjects_of(command)) {
            if (is_overtaken(loaded.times, subject, asked_at(record, now))) {
                return refuse(std::move(record), "webhook.overtaken", overtaken, now);
            }
            times.emplace(subject, asked_at(record, now));
        }
        record.changed = 1;
        auto decision = end(std::move(record), CommandState::done, now);
        decision.endpoint = std::move(endpoint);
        decision.times = std::move(times);
        return decision;
    }

    OperatorDecision operator()(const EraseCustomer&) {
        if (loaded.record == nullptr) record.bound = loaded.erasure->newest_order;
        return erase_page(*std::move(loaded.erasure), std::move(record), now);
    }

    // The record goes on only when the messages are out: whoever takes the command up again sends what was not.
    OperatorDecision send(std::int64_t through) {
        OperatorDecision decision{OperatorStep(Kind::send)};
        decision.step.through = through;
        for (auto& letter : loaded.letters) {
            decision.step.letters.emplace_back(letter.number, std::move(letter.letter.queue),
                                               std::move(letter.letter.body));
            decision.step.letters.back().changed_by = std::move(letter.changed_by);
        }
        if (loaded.record == nullptr) decision.record = std::move(record);
        return decision;
    }
};

// Also of a command that was stopped meanwhile: what is out is out.
OperatorDecision decide_sent(const LettersSent& sent, OperatorLoaded loaded, WallTime now) {
    if (loaded.record == nullptr) return OperatorDecision{OperatorStep(Kind::finished)};
    OperatorDecision decision{OperatorStep(is_over(loaded.record) ? Kind::finished : Kind::again)};
    auto record = *loaded.record;
    // Marked before, or changed by somebody else since: what was sent is not what it is now, an edit is not lost.
    std::erase_if(loaded.letters, [&](const auto& letter) {
        return std::ranges::none_of(sent.letters, [&](const auto& s) {
            return s.number == letter.number && s.changed_by == letter.changed_by;
        });
    });
    for (auto& letter : loaded.letters) mark(letter, LetterState::redriven, sent.command_id, now);
    record.changed += static_cast<std::int64_t>(loaded.letters.size());
    record.through = std::max(record.through, sent.through);
    if (!sent.refusal.empty()) {
        record.code = sent.refusal;
        record.detail = "The queue does not take some of the messages; their dead letters stay open.";
    }
    decision.letters = std::move(loaded.letters);
    decision.record = std::move(record);
    return decision;
}

struct Wanted {
    const CommandRecord* record;

    std::optional<LetterQuery> operator()(const ChangeStock&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const StopCommand&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const ImportProducts&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const DirectWorkers&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const EndpointCommand&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const EraseCustomer&) const { return std::nullopt; }
    std::optional<LetterQuery> operator()(const ActOnLetters& act) const {
        LetterQuery query;
        query.numbers = act.selection.numbers;
        query.filter = act.selection.filter;
        if (query.numbers.empty()) query.state = state_before(act.action);
        query.limit = letters_page_max;
        if (act.per_second > 0) query.limit = std::min(query.limit, static_cast<std::uint32_t>(act.per_second));
        if (record == nullptr) return query;
        query.after = record->through;
        if (query.numbers.empty()) query.up_to = record->bound;
        return query;
    }
    std::optional<LetterQuery> operator()(const EditLetter& edit) const {
        LetterQuery query;
        query.numbers = {edit.number};
        return query;
    }
};

}  // namespace

std::optional<LetterQuery> letters_wanted(const OperatorChange& change, const CommandRecord* record) {
    if (const auto* command = std::get_if<OperatorCommand>(&change)) {
        return is_over(record) ? std::nullopt : std::visit(Wanted{record}, command->wish);
    }
    const auto& sent = std::get<LettersSent>(change);
    if (record == nullptr || sent.letters.empty()) return std::nullopt;
    LetterQuery query;
    for (const auto& letter : sent.letters) query.numbers.push_back(letter.number);
    query.limit = letters_page_max;
    return query;
}

const ActOnLetters* letters_counted(const OperatorChange& change, const CommandRecord* record) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr && record == nullptr ? std::get_if<ActOnLetters>(&command->wish) : nullptr;
}

bool erases(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr && std::holds_alternative<EraseCustomer>(command->wish);
}

std::optional<ErasureQuery> erasure_wanted(const OperatorChange& change, const CommandRecord* record) {
    const auto* command = std::get_if<OperatorCommand>(&change);
    const auto* customer = command != nullptr ? std::get_if<EraseCustomer>(&command->wish) : nullptr;
    if (customer == nullptr || is_over(record)) return std::nullopt;
    ErasureQuery query{.customer = customer};
    if (record == nullptr) return query;
    query.after = record->through;
    query.up_to = record->bound;
    return query;
}

const ChangeStock* stock_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<ChangeStock>(&command->wish) : nullptr;
}

const EditLetter* edit_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<EditLetter>(&command->wish) : nullptr;
}

const StopCommand* stop_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<StopCommand>(&command->wish) : nullptr;
}

const ImportProducts* import_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<ImportProducts>(&command->wish) : nullptr;
}

const DirectWorkers* workers_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<DirectWorkers>(&command->wish) : nullptr;
}

const EndpointCommand* endpoint_wanted(const OperatorChange& change) noexcept {
    const auto* command = std::get_if<OperatorCommand>(&change);
    return command != nullptr ? std::get_if<EndpointCommand>(&command->wish) : nullptr;
}

OperatorDecision decide_operator(const OperatorChange& change, OperatorLoaded loaded, WallTime now) {
    if (const auto* sent = std::get_if<LettersSent>(&change)) return decide_sent(*sent, std::move(loaded), now);
    const auto& command = std::get<OperatorCommand>(change);
    if (is_over(loaded.record)) {
        if (loaded.record->action == unknown_action) return come_too_late(command, *loaded.record);
        return OperatorDecision{OperatorStep(Kind::finished)};
    }
    Wishes wishes{record_of(command, loaded, now), loaded, now};
    return std::visit(wishes, command.wish);
}

}  // namespace orderflow::orders
