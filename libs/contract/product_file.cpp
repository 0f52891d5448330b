#include "libs/contract/product_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "libs/contract/csv_rows.hpp"
#include "libs/contract/product_columns.hpp"
#include "libs/contract/product_row.hpp"
#include "libs/json/parse.hpp"

namespace orderflow::contract {
namespace {

constexpr std::size_t part_bytes_max = 200 * 1024;  // with the rest of the message under message_bytes_max
constexpr std::size_t row_depth_max = 8;

class FileReader {
  public:
    explicit FileReader(ProductFileFormat format) : format_(format) {}

    // Reads the JSON of one row.
    void add(std::string_view json_text, std::int64_t line) {
        const json::Place place{
            .parent = &json::whole_document, .index = static_cast<std::size_t>(line), .in_array = true};
        FieldErrors of_row;
        auto row = read(json_text, line, place, of_row);
        for (const auto& error : of_row.reported()) {
            file.errors.add(is_csv() ? in_words_of_csv(error, place.pointer(), line) : error);
        }
        if (!of_row.empty()) ++file.faulty_lines;
        if (row && of_row.empty()) file.rows.push_back(*std::move(row));
    }

    // A line of CSV that is none.
    void refuse(std::int64_t line, const char* detail) {
        file.errors.add(FieldError(line, {}, Rule::invalid_format, detail));
        ++file.faulty_lines;
    }

    bool is_csv() const { return format_ == ProductFileFormat::csv; }

    ProductFile file;

  private:
    std::optional<orders::ProductRow> read(std::string_view json_text, std::int64_t line, const json::Place& place,
                                           FieldErrors& errors) {
        const auto document = json::parse(json_text, {.bytes = product_file_bytes_max, .depth = row_depth_max});
        if (!document) {
            errors.add(place.pointer(), Rule::invalid_format,
                       is_csv() ? "This line is no text in UTF-8." : "This line is no JSON object.");
            return std::nullopt;
        }
        if (document->root().repeats_a_name()) {
            errors.add(place.pointer(), Rule::duplicate_key, "A member stands in this line twice.");
        }
        auto row = read_product_row(*document, place, errors, line);
        if (!row) return std::nullopt;
        const auto [first, is_new] = lines_.try_emplace(row->product.sku, line);
        if (!is_new) {
            errors.add(place.pointer() + "/sku", Rule::duplicate_key,
                       "This SKU stands in line " + std::to_string(first->second) + " already.");
        }
        if (file.rows.size() == product_rows_max) {
            errors.add(place.pointer(), Rule::too_many_items, "A file may have 10000 products.");
        }
        return row;
    }

    ProductFileFormat format_;
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

// With a header that is none, no row can be judged.
void read_csv(std::string_view text, FileReader& reader) {
    CsvRows rows(text);
    const auto header = rows.next();
    if (header) {
        const auto columns = ProductColumns::read(*header, reader.file.errors);
        if (!columns) {
            ++reader.file.faulty_lines;
            return;
        }
        while (auto row = rows.next()) {
            if (row->cells.size() == 1 && row->cells.front().empty()) continue;
            if (row->cells.size() != columns->size()) {
                reader.refuse(row->line, "This line has not as many cells as the header.");
                continue;
            }
            reader.add(columns->json_of(*row), row->line);
        }
    }
    if (rows.broken_at()) reader.refuse(*rows.broken_at(), "A quoted cell of this line does not end well.");
}

}  // namespace

ProductFile read_product_file(std::string_view text, ProductFileFormat format) {
    FileReader reader(format);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (reader.is_csv()) {
        read_csv(text, reader);
    } else {
        read_ndjson(text, reader);
    }
    auto& file = reader.file;
    if (file.errors.empty() && file.rows.empty()) {
        file.errors.add(reader.is_csv() ? FieldError(1, {}, Rule::required, "There is no product.")
                                        : FieldError("/1", Rule::required, "There is no product."));
        ++file.faulty_lines;
    }
    return std::move(file);
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
