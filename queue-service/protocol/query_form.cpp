#include "queue-service/protocol/query_form.hpp"

#include <algorithm>

#include "libs/net/ascii.hpp"
#include "libs/net/percent.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {

namespace {

std::unexpected<SqsError> malformed(std::string message) { return refuse(Fault::malformed_input, std::move(message)); }

bool is_index(std::string_view text) {
    constexpr std::size_t digits_max = 9;
    return !text.empty() && text.size() <= digits_max && std::ranges::all_of(text, net::is_digit);
}

}  // namespace

Outcome<void> QueryForm::add(std::string_view encoded) {
    while (!encoded.empty()) {
        const auto pair = encoded.substr(0, encoded.find('&'));
        encoded.remove_prefix(std::min(encoded.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = net::decode_form(pair.substr(0, equals));
        auto value = net::decode_form(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return malformed("A parameter is not percent-encoded UTF-8.");
        if (parameters_.size() == limits::form_parameters_max) return malformed("The request has too many parameters.");
        if (const auto [place, added] = parameters_.try_emplace(*std::move(name), *std::move(value)); !added) {
            return malformed("The request contains a parameter twice.");
        }
    }
    return {};
}

const std::string* QueryForm::find(std::string_view name) const {
    const auto place = parameters_.find(name);
    return place == parameters_.end() || place->second.empty() ? nullptr : &place->second;
}

std::vector<std::string> QueryForm::indexes(std::string_view name) const {
    std::vector<std::string> found;
    const auto prefix = std::string(name) + ".";
    for (auto place = parameters_.lower_bound(prefix); place != parameters_.end(); ++place) {
        auto rest = std::string_view(place->first);
        if (!rest.starts_with(prefix)) break;
        rest.remove_prefix(prefix.size());
        const auto index = rest.substr(0, rest.find('.'));
        if (is_index(index) && (found.empty() || found.back() != index)) found.emplace_back(index);
    }
    // "10" stands before "2" in the map, and "1" may stand both before and behind "10".
    std::ranges::sort(found, [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    const auto repeated = std::ranges::unique(found);
    found.erase(repeated.begin(), repeated.end());
    return found;
}

}  // namespace orderflow::sqs
