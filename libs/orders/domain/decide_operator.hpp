// decide_operator(): what an operator's command changes, as a pure function over loaded state, page by page, so that a
// command about a hundred thousand letters holds nobody up. The store calls it inside its transaction.
//
// A command whose record says that it is over changes nothing more, however often it is delivered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/command_times.hpp"
#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::orders {

// What the store reads for a change, in the transaction that will write the decision.
struct OperatorLoaded {
    const CommandRecord* record = nullptr;   // of the command; null: it has none yet
    std::vector<StoredDeadLetter> letters;   // the page that letters_wanted() asks for
    std::int64_t newest_letter = 0;          // the highest number that there is
    std::optional<std::int64_t> matched;     // what letters_counted() asks for
    bool order_is_stored = false;            // the order of EditLetter::places, or its tombstone
    std::optional<Stock> stock;              // of ChangeStock::sku; nothing: it is not sold
    std::vector<ShelfItem> products;         // of ImportProducts::rows, those that are sold; in any order
    std::optional<CommandRecord> other;      // of StopCommand::command_id; nothing: it has none
    WorkerSettings workers{};                // for DirectWorkers: as they stand
    std::optional<EndpointLoaded> endpoint;  // of EndpointCommand
    std::optional<ErasurePage> erasure;      // the page that erasure_wanted() asks for
    CommandTimes times{};                    // of subjects_of()
};

// The letters to load; nothing for a command that is over.
std::optional<LetterQuery> letters_wanted(const OperatorChange& change, const CommandRecord* record);
// What to count, in that state, up to letters_counted_max: of a command about letters that begins. Null for others.
const ActOnLetters* letters_counted(const OperatorChange& change, const CommandRecord* record) noexcept;
// The orders to load; nothing for other commands, and for one that is over.
std::optional<ErasureQuery> erasure_wanted(const OperatorChange& change, const CommandRecord* record);
bool erases(const OperatorChange& change) noexcept;
// What to load of the endpoints of events; null for other commands.
const EndpointCommand* endpoint_wanted(const OperatorChange& change) noexcept;

// What else is to be loaded; null for most.
const ChangeStock* stock_wanted(const OperatorChange& change) noexcept;
const EditLetter* edit_wanted(const OperatorChange& change) noexcept;
const StopCommand* stop_wanted(const OperatorChange& change) noexcept;
const ImportProducts* import_wanted(const OperatorChange& change) noexcept;
const DirectWorkers* workers_wanted(const OperatorChange& change) noexcept;

struct OutgoingLetter {
    OutgoingLetter(std::int64_t n, std::string q, std::string b) : number(n), queue(std::move(q)), body(std::move(b)) {}
    std::int64_t number;
    std::string queue;
    std::string body;
    std::string changed_by{};  // for LettersSent
};

// What the worker does next with the command.
struct OperatorStep {
    enum class Kind : std::uint8_t {
        finished,  // delete its message
        again,     // apply the command again: there may be more
        send,      // send these messages, then apply LettersSent
    };
    explicit OperatorStep(Kind k) : kind(k) {}
    Kind kind;
    std::vector<OutgoingLetter> letters;
    std::int64_t through = 0;  // for LettersSent
};

struct OperatorDecision {
    explicit OperatorDecision(OperatorStep s) : step(std::move(s)) {}
    OperatorStep step;
    std::optional<CommandRecord> record;       // to be written; absent: leave it
    std::vector<StoredDeadLetter> letters;     // to be written, by number
    std::optional<std::int64_t> on_hand;       // to be written for ChangeStock::sku
    std::vector<ShelfItem> products;           // to be written by SKU, sorted by it; `reserved` stays as it is
    std::optional<CommandRecord> other;        // to be written too
    std::optional<WorkerSettings> workers;     // to be written
    std::optional<EndpointDecision> endpoint;  // to be written for EndpointCommand::endpoint
    // Each becomes a tombstone, as OrderBurial::bury() does it; and what calls to webhooks about it were answered goes.
    std::vector<OrderId> erased;
    CommandTimes times{};  // to be written
};

// Never fails: what breaks a rule is a refused record.
OperatorDecision decide_operator(const OperatorChange& change, OperatorLoaded loaded, WallTime now);

}  // namespace orderflow::orders
