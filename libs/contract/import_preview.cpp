#include "libs/contract/import_preview.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "libs/contract/problem.hpp"
#include "libs/json/writer.hpp"
#include "libs/orders/domain/import_row.hpp"

namespace orderflow::contract {
namespace {

using orders::ImportedRow;
using Outcome = ImportedRow::Outcome;

struct Judged {
    const orders::ProductRow* row;
    const orders::ShelfItem* before;  // null: the product is new
    ImportedRow result;
};

struct Counts {
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t same = 0;
    std::int64_t refused = 0;

    std::int64_t& of(Outcome outcome) {
        switch (outcome) {
            case Outcome::added: return added;
            case Outcome::changed: return changed;
            case Outcome::same: return same;
            case Outcome::below_reserved: return refused;
        }
        return refused;
    }
};

std::string_view word_for(Outcome outcome) {
    switch (outcome) {
        case Outcome::added: return "new";
        case Outcome::changed: return "changed";
        case Outcome::same: return "unchanged";
        case Outcome::below_reserved: return "refused";
    }
    return "";
}

void write_changes(json::Writer& out, const orders::ShelfItem& before, const orders::ShelfItem& after) {
    out.key("changes").begin_array();
    const auto tell = [&out](std::string_view name, bool differs) {
        if (differs) out.string(name);
    };
    tell("name", before.product.name != after.product.name);
    tell("description", before.product.description != after.product.description);
    tell("category", before.product.category != after.product.category);
    tell("prices", before.product.prices != after.product.prices);
    tell("on_hand", before.stock.on_hand != after.stock.on_hand);
    out.end_array();
}

void write_line(json::Writer& out, const Judged& judged) {
    const auto& result = judged.result;
    out.begin_object().key("line").integer(judged.row->line).key("sku").string(judged.row->product.sku.value());
    out.key("result").string(word_for(result.outcome));
    if (result.outcome == Outcome::changed) write_changes(out, *judged.before, result.after);
    if (result.outcome == Outcome::below_reserved) {
        out.key("code").string("stock.below_reserved");
        out.key("detail").string("Orders have reserved " + std::to_string(result.after.stock.reserved) +
                                 ": the stock cannot be less.");
    }
    out.end_object();
}

void write_line(json::Writer& out, const FieldError& error) {
    out.begin_object().key("result").string("refused");
    write_field_error(out, error);
    out.end_object();
}

std::vector<Judged> judge(const std::vector<orders::ProductRow>& rows, const std::vector<orders::ShelfItem>& known) {
    std::map<std::string_view, const orders::ShelfItem*> by_sku;
    for (const auto& item : known) by_sku.emplace(item.product.sku.value(), &item);
    std::vector<Judged> judged;
    judged.reserve(rows.size());
    for (const auto& row : rows) {
        const auto found = by_sku.find(row.product.sku.value());
        const auto* before = found != by_sku.end() ? found->second : nullptr;
        judged.emplace_back(&row, before, import_row(row, before));
    }
    return judged;
}

}  // namespace

std::string encode_import_preview(const ProductFile& file, const std::vector<orders::ShelfItem>& known) {
    const auto judged = judge(file.rows, known);
    Counts counts;
    for (const auto& one : judged) ++counts.of(one.result.outcome);
    json::Writer out;
    out.begin_object().key("dry_run").boolean(true).key("importable").boolean(file.errors.empty());
    out.key("rows").integer(static_cast<std::int64_t>(file.rows.size()) + file.faulty_lines);
    out.key("new").integer(counts.added).key("changed").integer(counts.changed).key("unchanged").integer(counts.same);
    out.key("refused").integer(counts.refused + file.faulty_lines);
    out.key("lines").begin_array();
    std::size_t told = 0;
    for (const auto& error : file.errors.reported()) {
        if (told++ < previewed_lines_max) write_line(out, error);
    }
    for (const bool refused : {true, false}) {  // what needs somebody comes first
        for (const auto& one : judged) {
            const auto outcome = one.result.outcome;
            if (outcome == Outcome::same || (outcome == Outcome::below_reserved) != refused) continue;
            if (told++ < previewed_lines_max) write_line(out, one);
        }
    }
    out.end_array().end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
