#include "libs/orders/domain/operator_command.hpp"

#include <array>

namespace orderflow::orders {
namespace {

constexpr std::array<std::string_view, letter_action_count> action_names{"redrive", "discard", "restore"};
constexpr std::array<std::string_view, command_state_count> state_names{"running", "done", "refused", "stopped"};

std::string text_of(const LetterSelection& selection) {
    std::string text = "dead letters";
    for (const auto number : selection.numbers) {
        text += (number == selection.numbers.front() ? " " : ", ") + std::to_string(number);
    }
    if (!selection.numbers.empty()) return text;
    const char* joint = " with ";
    const auto add = [&](std::string_view name, const std::string& value) {
        text.append(joint).append(name).append(" ").append(value);
        joint = ", ";
    };
    if (selection.filter.code) add("code", *selection.filter.code);
    if (selection.filter.queue) add("queue", *selection.filter.queue);
    if (selection.filter.order) add("order", selection.filter.order->to_string());
    return text;
}

struct ActionOf {
    std::string operator()(const ActOnLetters& act) const {
        return "dead-letters." + std::string(to_string(act.action));
    }
    std::string operator()(const EditLetter&) const { return "dead-letters.edit"; }
    std::string operator()(const StopCommand&) const { return "command.stop"; }
    std::string operator()(const ImportProducts&) const { return "products.import"; }
    std::string operator()(const DirectWorkers& direct) const {
        return "workers." + std::string(to_string(direct.action));
    }
    std::string operator()(const ChangeStock& stock) const {
        return stock.mode == ChangeStock::Mode::set ? "stock.set" : "stock.add";
    }
    std::string operator()(const EndpointCommand& command) const { return action_of(command); }
    std::string operator()(const EraseCustomer&) const { return "customer.erase"; }
};

std::string rate_of(const ActOnLetters& act) {
    return act.per_second > 0 ? ", " + std::to_string(act.per_second) + " a second" : std::string();
}

struct TargetOf {
    std::string operator()(const ActOnLetters& act) const { return text_of(act.selection) + rate_of(act); }
    std::string operator()(const EditLetter& edit) const { return "dead letter " + std::to_string(edit.number); }
    std::string operator()(const StopCommand& stop) const { return "command " + stop.command_id; }
    std::string operator()(const ImportProducts& file) const {
        return std::to_string(file.rows.size()) + " products, part " + std::to_string(file.part) + " of " +
               std::to_string(file.parts) + " of " + file.import_id;
    }
    std::string operator()(const DirectWorkers& direct) const {
        if (direct.action != DirectWorkers::Action::limit) return "all workers";
        if (!direct.in_progress_max) return "all workers, no limit but their own";
        return "all workers, " + std::to_string(*direct.in_progress_max) + " orders each";
    }
    std::string operator()(const ChangeStock& stock) const {
        return stock.sku.value() + ", " + std::to_string(stock.quantity);
    }
    std::string operator()(const EndpointCommand& command) const { return "webhook " + command.endpoint; }
    std::string operator()(const EraseCustomer& customer) const {
        const std::string named = customer.by == EraseCustomer::By::email ? "e-mail address" : "id";
        return "a customer, named by " + named + (customer.tenant ? ", tenant " + *customer.tenant : std::string());
    }
};

struct IdOf {
    const std::string& operator()(const OperatorCommand& command) const noexcept { return command.id; }
    const std::string& operator()(const LettersSent& sent) const noexcept { return sent.command_id; }
};

}  // namespace

std::string_view to_string(LetterAction action) noexcept { return action_names[static_cast<std::size_t>(action)]; }

std::optional<LetterAction> parse_letter_action(std::string_view text) noexcept {
    for (std::size_t i = 0; i < action_names.size(); ++i) {
        if (action_names[i] == text) return static_cast<LetterAction>(i);
    }
    return std::nullopt;
}

LetterState state_before(LetterAction action) noexcept {
    return action == LetterAction::restore ? LetterState::discarded : LetterState::open;
}

std::string_view to_string(CommandState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }

std::string action_of(const OperatorCommand& command) { return std::visit(ActionOf{}, command.wish); }
std::string target_of(const OperatorCommand& command) { return std::visit(TargetOf{}, command.wish); }

const std::string& command_id_of(const OperatorChange& change) { return std::visit(IdOf{}, change); }

}  // namespace orderflow::orders
