#include "libs/orders/domain/command_times.hpp"

#include <variant>

namespace orderflow::orders {

std::string subject_of(const Sku& sku) { return "product/" + sku.value(); }

// Settings and secret of an endpoint are changed independently of each other.
std::vector<std::string> subjects_of(const EndpointCommand& command) {
    const auto name = "webhook/" + command.endpoint;
    if (std::holds_alternative<UpdateEndpoint>(command.wish)) return {name};
    if (std::holds_alternative<RotateSecret>(command.wish)) return {name + "/secret"};
    return {};
}

std::vector<std::string> subjects_of(const OperatorChange& change) {
    const auto* command = std::get_if<OperatorCommand>(&change);
    if (command == nullptr) return {};
    if (const auto* endpoint = std::get_if<EndpointCommand>(&command->wish)) return subjects_of(*endpoint);
    if (const auto* stock = std::get_if<ChangeStock>(&command->wish)) {
        if (stock->mode == ChangeStock::Mode::set) return {subject_of(stock->sku)};
    }
    std::vector<std::string> subjects;
    if (const auto* file = std::get_if<ImportProducts>(&command->wish)) {
        for (const auto& row : file->rows) subjects.push_back(subject_of(row.product.sku));
    }
    return subjects;
}

bool is_overtaken(const CommandTimes& times, const std::string& subject, WallTime asked_at) {
    const auto last = times.find(subject);
    return last != times.end() && last->second > asked_at;
}

}  // namespace orderflow::orders
