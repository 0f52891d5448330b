#include "libs/storage/postgres/command_times.hpp"

#include <span>
#include <string_view>

#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/records/command_time_record.hpp"

namespace orderflow::storage {
namespace {

using postgres::Statement;

const Statement find_times{"find_command_times", "SELECT subject, record FROM command_times WHERE subject = ANY($1)"};
const Statement put_times{"put_command_times",
                          "INSERT INTO command_times (subject, record)"
                          " SELECT s, r FROM unnest($1::text[], $2::bytea[]) AS t (s, r)"
                          " ON CONFLICT (subject) DO UPDATE SET record = excluded.record"};

}  // namespace

postgres::Unit command_times_request(const std::vector<std::string>& subjects) {
    auto wanted = postgres::Array::of_texts();
    for (const auto& subject : subjects) wanted.add(std::string_view(subject));
    postgres::Unit unit{postgres::Request(find_times)};
    unit.back().parameters.array(wanted);
    return unit;
}

Result<orders::CommandTimes> read_command_times(const Answers& answers) {
    const auto& rows = answers[0];
    orders::CommandTimes times;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const std::string subject(rows.text(row, 0));
        const auto at = decode_command_time(subject, rows.blob(row, 1));
        if (!at) return fail(damaged_row("command_times, subject " + subject));
        times.emplace(subject, *at);
    }
    return times;
}

postgres::Request put_command_times(const orders::CommandTimes& times) {
    auto subjects = postgres::Array::of_texts();
    auto records = postgres::Array::of_blobs();
    for (const auto& [subject, at] : times) {
        const auto record = encode_command_time(subject, at);
        subjects.add(std::string_view(subject));
        records.add(std::as_bytes(std::span(record)));
    }
    postgres::Request request(put_times);
    request.parameters.array(subjects).array(records);
    return request;
}

}  // namespace orderflow::storage
