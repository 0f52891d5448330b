#include "libs/contract/product_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "libs/json/writer.hpp"
#include "libs/orders/domain/money.hpp"

namespace orderflow::contract {
namespace {

constexpr std::string_view price_prefix = "price_";
constexpr std::string_view stock_column = "on_hand";
constexpr std::string_view prices_pointer = "/prices/";
constexpr std::array<std::string_view, 5> columns{"sku", "name", "description", "category", stock_column};
constexpr std::array<std::string_view, 2> needed{"sku", "name"};

bool is_price(std::string_view column) { return column.starts_with(price_prefix); }

bool is_whole_number(std::string_view cell) {
    if (cell.starts_with('-')) cell.remove_prefix(1);
    const bool digits = !cell.empty() && cell.find_first_not_of("0123456789") == cell.npos;
    return digits && (cell.size() == 1 || cell.front() != '0');
}

// A number where one has to be; what is none stays text, and the rules say so.
void write_cell(json::Writer& out, std::string_view name, const std::string& cell, bool number) {
    out.key(name);
    if (number && is_whole_number(cell)) {
        out.raw(cell);
    } else {
        out.string(cell);
    }
}

// A name that is none comes from outside: it is repeated when it is a short plain word.
std::string shown(const std::string& name) {
    constexpr std::size_t shown_max = 40;
    const bool plain = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
    return plain && name.size() <= shown_max ? name : std::string();
}

// What is wrong with the column at `place` (from 1) of the header by itself; nothing when it is one of a product.
std::optional<FieldError> fault_of(const std::string& name, std::size_t place, std::int64_t line) {
    if (is_price(name)) {
        if (orders::Currency::parse(std::string_view(name).substr(price_prefix.size()))) return std::nullopt;
        return FieldError(line, shown(name), Rule::unsupported_currency,
                          fmt::format("Column {} is named price_ without a currency of ISO 4217 behind it, as in "
                                      "price_EUR.",
                                      place));
    }
    if (std::ranges::find(columns, name) != columns.end()) return std::nullopt;
    return FieldError(line, shown(name), Rule::unknown_field,
                      fmt::format("Column {} of the header is none of a product. There are: sku, name, description, "
                                  "category, on_hand, and price_EUR and so on for each currency.",
                                  place));
}

std::string words_for(const FieldError& error, std::string_view column) {
    if (error.rule == Rule::required) return "The cell must not be empty.";
    const bool no_number = error.rule == Rule::wrong_type || error.rule == Rule::not_an_integer;
    if (no_number && is_price(column)) {
        return "Must be a price in minor units, a whole number without a point: 1250 for 12.50.";
    }
    if (no_number && column == stock_column) return "Must be a whole number.";
    return error.detail;
}

}  // namespace

std::optional<ProductColumns> ProductColumns::read(const CsvRow& header, FieldErrors& errors) {
    const auto before = errors.count();
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
        const auto& name = header.cells[i];
        if (auto fault = fault_of(name, i + 1, header.line)) {
            errors.add(*std::move(fault));
        } else if (!seen.insert(name).second) {
            errors.add(FieldError(header.line, name, Rule::duplicate_key, "The header has this column twice."));
        }
    }
    for (const auto name : needed) {
        if (seen.contains(name)) continue;
        errors.add(FieldError(header.line, std::string(name), Rule::required, "The header has no such column."));
    }
    if (errors.count() != before) return std::nullopt;
    return ProductColumns(header.cells);
}

std::string ProductColumns::json_of(const CsvRow& row) const {
    json::Writer out;
    out.begin_object();
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (is_price(names_[i]) || row.cells[i].empty()) continue;
        write_cell(out, names_[i], row.cells[i], names_[i] == stock_column);
    }
    out.key("prices").begin_object();
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (!is_price(names_[i]) || row.cells[i].empty()) continue;
        write_cell(out, std::string_view(names_[i]).substr(price_prefix.size()), row.cells[i], true);
    }
    out.end_object().end_object();
    return std::move(out).take();
}

FieldError in_words_of_csv(const FieldError& error, std::string_view root, std::int64_t line) {
    const auto place = std::string_view(error.pointer).substr(root.size());
    std::string column;
    if (place.starts_with(prices_pointer)) {
        column = fmt::format("{}{}", price_prefix, place.substr(prices_pointer.size()));
    } else if (!place.empty()) {
        column = place.substr(1);
    }
    auto words = words_for(error, column);
    return {line, std::move(column), error.rule, std::move(words)};
}

}  // namespace orderflow::contract
