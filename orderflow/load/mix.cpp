#include "orderflow/load/mix.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace orderflow::load {
namespace {

struct Part {
    std::string_view name;
    int Mix::* share;
    int in_all;
    std::string_view meaning;
};

constexpr std::array<Part, 9> parts{{
    {"bad", &Mix::bad, 3, "orders that break a rule (4xx)"},
    {"declined", &Mix::declined, 5, "payments that are declined: the order ends rejected"},
    {"slow", &Mix::slow, 1, "payments that take seconds"},
    {"unknown", &Mix::unknown, 2, "payments whose first answer is lost"},
    {"flaky", &Mix::flaky, 1, "payments that fail twice and then succeed"},
    {"invoice", &Mix::invoice, 5, "orders by invoice"},
    {"repeat", &Mix::repeat, 4, "requests that repeat a key with the same content"},
    {"reuse", &Mix::reuse, 1, "requests that repeat a key with other content"},
    {"cancel", &Mix::cancel, 5, "requests that cancel an order"},
}};
constexpr int percent = 100;

std::unexpected<Error> wrong(std::string detail) {
    return fail(ErrorKind::invalid_input, "load.mix", std::move(detail));
}

Result<void> apply(std::string_view item, Mix& mix) {
    if (item == "default") {
        mix = Mix();
        return {};
    }
    if (item == "all") {
        for (const auto& part : parts) mix.*part.share = part.in_all;
        return {};
    }
    const auto equals = item.find('=');
    const auto name = item.substr(0, equals);
    for (const auto& part : parts) {
        if (part.name != name || equals == std::string_view::npos) continue;
        const auto number = item.substr(equals + 1);
        int share = 0;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), share);
        if (error != std::errc() || end != number.data() + number.size() || share < 0 || share > percent) {
            return wrong(fmt::format("\"{}\": the share is a whole number from 0 to 100", item));
        }
        mix.*part.share = share;
        return {};
    }
    return wrong(fmt::format("\"{}\" is not known", item));
}

}  // namespace

Result<Mix> parse_mix(std::string_view text) {
    Mix mix;
    for (;;) {
        const auto comma = text.find(',');
        if (auto applied = apply(text.substr(0, comma), mix); !applied) return fail(std::move(applied).error());
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    if (mix.bad + mix.declined + mix.slow + mix.unknown + mix.flaky + mix.invoice > percent ||
        mix.repeat + mix.reuse + mix.cancel >= percent) {
        return wrong("the shares of the orders go beyond 100, or those of the requests leave no room for orders");
    }
    return mix;
}

std::string mix_help() {
    std::string text = "Mixes: default (every order is paid and confirmed), all, or a list of shares in percent\n";
    for (const auto& part : parts) text += fmt::format("  {:<9} {} [all: {}]\n", part.name, part.meaning, part.in_all);
    return text;
}

}  // namespace orderflow::load
