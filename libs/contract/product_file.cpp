#include "libs/contract/product_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "libs/contract/csv_rows.hpp"
#include "libs/contract/product_row.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t part_bytes_max = 200 * 1024;  // with the rest of the message under message_bytes_max
constexpr std::size_t row_depth_max = 8;
constexpr std::string_view price_prefix = "price_";

class FileReader {
  public:
    // Reads the JSON of one row.
    void add(std::string_view json_text, std::int64_t line) {
        const json::Place place{
            .parent = &json::whole_document, .index = static_cast<std::size_t>(line), .in_array = true};
        const auto document = json::parse(json_text, {.bytes = product_file_bytes_max, .depth = row_depth_max});
        if (!document) return errors.add(place.pointer(), Rule::invalid_format, "This line is no JSON object.");
        if (document->root().repeats_a_name()) {
            errors.add(place.pointer(), Rule::duplicate_key, "A member stands in this line twice.");
        }
        auto row = read_product_row(*document, place, errors, line);
        if (!row) return;
        const auto [first, is_new] = lines_.try_emplace(row->product.sku, line);
        if (!is_new) {
            errors.add(place.pointer() + "/sku", Rule::duplicate_key,
                       "This SKU stands in line " + std::to_string(first->second) + " already.");
        }
        rows.push_back(*std::move(row));
        if (rows.size() == product_rows_max + 1) {
            errors.add(place.pointer(), Rule::too_many_items, "A file may have 10000 products.");
        }
    }

    std::vector<orders::ProductRow> rows;
    FieldErrors errors;

  private:
    std::map<orders::Sku, std::int64_t> lines_;
};

void read_ndjson(std::string_view text, FileReader& reader) {
    for (std::int64_t line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        auto row = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (row.ends_with('\r')) row.remove_suffix(1);
        if (!row.empty()) reader.add(row, line);
    }
}

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

std::string json_of(const CsvRow& header, const CsvRow& row) {
    json::Writer out;
    out.begin_object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string_view name = header.cells[i];
        if (name.starts_with(price_prefix) || row.cells[i].empty()) continue;
        write_cell(out, name, row.cells[i], name == "on_hand");
    }
    out.key("prices").begin_object();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string_view name = header.cells[i];
        if (!name.starts_with(price_prefix) || row.cells[i].empty()) continue;
        write_cell(out, name.substr(price_prefix.size()), row.cells[i], true);
    }
    out.end_object().end_object();
    return std::move(out).take();
}

void read_csv(std::string_view text, FileReader& reader) {
    CsvRows rows(text);
    const auto at = [](std::int64_t line) { return "/" + std::to_string(line); };
    const auto header = rows.next();
    if (!header) return;
    while (auto row = rows.next()) {
        if (row->cells.size() == 1 && row->cells.front().empty()) continue;
        if (row->cells.size() != header->cells.size()) {
            reader.errors.add(at(row->line), Rule::invalid_format, "This line has not as many cells as the header.");
            continue;
        }
        reader.add(json_of(*header, *row), row->line);
    }
    if (rows.broken_at()) {
        reader.errors.add(at(*rows.broken_at()), Rule::invalid_format, "A quoted cell of this line does not end well.");
    }
}

}  // namespace

std::expected<std::vector<orders::ProductRow>, FieldErrors> read_product_file(std::string_view text,
                                                                              ProductFileFormat format) {
    FileReader reader;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (format == ProductFileFormat::csv) {
        read_csv(text, reader);
    } else {
        read_ndjson(text, reader);
    }
    if (reader.errors.empty() && reader.rows.empty()) {
        reader.errors.add("/1", Rule::required, "There is no product.");
    }
    if (!reader.errors.empty()) return std::unexpected(std::move(reader.errors));
    return std::move(reader.rows);
}

std::vector<std::vector<orders::ProductRow>> in_parts(std::vector<orders::ProductRow> rows) {
    std::vector<std::vector<orders::ProductRow>> parts;
    std::size_t bytes = part_bytes_max;
    for (auto& row : rows) {
        json::Writer out;
        write_product_row(out, row);
        const auto size = out.text().size() + 1;
        if (bytes + size > part_bytes_max) {
            parts.emplace_back();
            bytes = 0;
        }
        bytes += size;
        parts.back().push_back(std::move(row));
    }
    return parts;
}

}  // namespace orderflow::contract
