#include "libs/orders/domain/command_times.hpp"

#include <variant>

namespace orderflow::orders {

std::string product_subject(const Sku& sku) { return "product/" + sku.value(); }
std::string stock_subject(const Sku& sku) { return "stock/" + sku.value(); }

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
        if (stock->mode == ChangeStock::Mode::set) return {stock_subject(stock->sku)};
    }
    std::vector<std::string> subjects;
    if (const auto* file = std::get_if<ImportProducts>(&command->wish)) {
        for (const auto& row : file->rows) {
            subjects.push_back(product_subject(row.product.sku));
            if (row.on_hand) subjects.push_back(stock_subject(row.product.sku));
        }
    }
    return subjects;
}

bool is_overtaken(const CommandTimes& times, const std::string& subject, WallTime asked_at) {
    const auto last = times.find(subject);
    return last != times.end() && last->second > asked_at;
}

}  // namespace orderflow::orders
