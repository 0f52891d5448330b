// OperatorCommand: what an operator asks for. It travels as a durable message, the worker decides it, and it leaves a
// CommandRecord. It changes what is kept beside the orders (dead letters, stock, the settings of the workers); an order
// changes by Change alone. EraseCustomer takes orders away that cannot change any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/endpoint_command.hpp"
#include "libs/orders/domain/erasure.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"
#include "libs/orders/domain/worker_settings.hpp"

namespace orderflow::orders {

namespace limits {
inline constexpr std::size_t letters_selected_max = 1000;  // numbers in one command
inline constexpr std::int32_t letters_per_second_max = 1000;
inline constexpr std::size_t operator_name_max = 100;
inline constexpr std::size_t operator_reason_max = 500;
inline constexpr std::int64_t on_hand_max = 1'000'000'000'000;  // pieces of one product
}  // namespace limits

// Who asked, when nobody says.
inline constexpr const char* default_operator = "operator";

// Which letters: those with these numbers, or, when there are none, all that match.
struct LetterSelection {
    std::vector<std::int64_t> numbers;  // ascending, each once
    LetterFilter filter;
    friend bool operator==(const LetterSelection&, const LetterSelection&) = default;
};

enum class LetterAction : std::uint8_t {
    redrive,  // send the message of an open letter to its queue again
    discard,  // an open letter needs nothing any more
    restore,  // undoes a discard
};
inline constexpr int letter_action_count = static_cast<int>(LetterAction::restore) + 1;
std::string_view to_string(LetterAction action) noexcept;
std::optional<LetterAction> parse_letter_action(std::string_view text) noexcept;
// The state of the letters that an action is for.
LetterState state_before(LetterAction action) noexcept;

struct ActOnLetters {
    LetterAction action;
    LetterSelection selection;
    std::int32_t per_second = 0;  // redrive: messages sent a second, up to letters_per_second_max; 0: as it comes
    friend bool operator==(const ActOnLetters&, const ActOnLetters&) = default;
};

// Another body for an open letter. Whoever makes it has checked that the worker can read the body.
struct EditLetter {
    EditLetter(std::int64_t n, std::string b) : number(n), body(std::move(b)) {}
    std::int64_t number;
    std::string body;
    std::optional<OrderId> places;  // the order that the body places, when it is such a message
    friend bool operator==(const EditLetter&, const EditLetter&) = default;
};

// How much of a product is there: counted (set), or what came and went (add).
struct ChangeStock {
    enum class Mode : std::uint8_t { set, add };
    ChangeStock(Sku s, Mode m, std::int64_t q) : sku(std::move(s)), mode(m), quantity(q) {}
    Sku sku;
    Mode mode;
    std::int64_t quantity;  // pieces on hand, or to be added to them; negative takes away
    friend bool operator==(const ChangeStock&, const ChangeStock&) = default;
};

// Rows of a file of products: one of the parts that it was split into.
struct ImportProducts {
    ImportProducts(std::string file, std::int32_t n, std::int32_t of, std::vector<ProductRow> r)
        : import_id(std::move(file)), part(n), parts(of), rows(std::move(r)) {}
    std::string import_id;  // the same for all parts
    std::int32_t part;      // from 1
    std::int32_t parts;
    std::vector<ProductRow> rows;  // each SKU once
    friend bool operator==(const ImportProducts&, const ImportProducts&) = default;
};

// Another command goes no further; what it did stays done. One that nobody took up yet never begins.
struct StopCommand {
    std::string command_id;
    friend bool operator==(const StopCommand&, const StopCommand&) = default;
};

struct OperatorCommand {
    using Wish = std::variant<ActOnLetters, EditLetter, ChangeStock, StopCommand, ImportProducts, DirectWorkers,
                              EndpointCommand, EraseCustomer>;
    OperatorCommand(std::string i, Wish w, WallTime at) : id(std::move(i)), wish(std::move(w)), requested_at(at) {}
    std::string id;  // a repeated delivery has the same
    Wish wish;
    WallTime requested_at;
    std::string by;      // who asked, by their own account
    std::string reason;  // in their words; may be empty
    friend bool operator==(const OperatorCommand&, const OperatorCommand&) = default;
};

// "dead-letters.redrive", ...: the name of what is asked for.
std::string action_of(const OperatorCommand& command);
// What it is about, in words: "dead letters 3, 4" or "dead letters with code payment.unavailable". It stays in the
// audit record, so it is never personal data: of an erasure it says how the customer was named, not what.
std::string target_of(const OperatorCommand& command);

struct SentLetter {
    std::int64_t number;
    std::string changed_by{};  // of StoredDeadLetter, as it was when the message was taken from it
};

// The messages of some letters were sent, as an OperatorStep asked.
struct LettersSent {
    std::string command_id;
    std::vector<SentLetter> letters;  // those that were
    std::int64_t through = 0;         // the command goes on behind this number; 0: where it was
    std::string refusal;              // code of the error of those that the queue will never take; empty: none
};

using OperatorChange = std::variant<OperatorCommand, LettersSent>;
const std::string& command_id_of(const OperatorChange& change);

enum class CommandState : std::uint8_t {
    running,
    done,
    refused,  // nothing was changed; the code says why
    stopped,  // by another command, before it came to its end
};
inline constexpr int command_state_count = static_cast<int>(CommandState::stopped) + 1;
std::string_view to_string(CommandState state) noexcept;

inline constexpr std::string_view unknown_action = "unknown";

// The audit record of a command: who, what, when, and what came of it.
struct CommandRecord {
    CommandRecord(std::string i, std::string a, std::string t, WallTime asked, WallTime began)
        : id(std::move(i)), action(std::move(a)), target(std::move(t)), requested_at(asked), started_at(began) {}
    std::int64_t number = 0;  // given by the store, counts up
    std::string id;
    std::string action;  // unknown_action: stopped before anybody took it up
    std::string target;
    std::string by;
    std::string reason;
    WallTime requested_at;
    WallTime started_at;
    std::optional<WallTime> finished_at;
    CommandState state = CommandState::running;
    // How many letters it was about as it began, up to letters_counted_max; nothing: it is about none, or a program
    // that does not count began it.
    std::optional<std::int64_t> matched;
    std::int64_t changed = 0;  // letters, products, erased orders, or pieces that were shipped
    std::int64_t skipped = 0;  // letters that were named and not in the state for it or not there; rows of products;
                               // orders that could not be erased
    std::int64_t through = 0;  // letters (of an erasure: orders) up to this number are done with
    std::int64_t bound = 0;    // those above this number came later and are not meant
    std::string code;          // of a refusal
    std::string detail;        // of it, or of what was done
    friend bool operator==(const CommandRecord&, const CommandRecord&) = default;
};

}  // namespace orderflow::orders
