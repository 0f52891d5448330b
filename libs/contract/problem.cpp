#include "libs/contract/problem.hpp"

#include "libs/json/writer.hpp"

namespace orderflow::contract {

void write_field_error(json::Writer& out, const FieldError& error) {
    if (error.line > 0) {
        out.key("line").integer(error.line);
        if (!error.column.empty()) out.key("column").string(error.column);
    } else {
        out.key("pointer").string(error.pointer);
    }
    out.key("code").string(to_string(error.rule)).key("detail").string(error.detail);
}

std::string encode_problem(const Problem& problem) {
    json::Writer out;
    out.begin_object();
    out.key("type").string("urn:orderflow:problem:" + problem.code);
    out.key("title").string(problem.title).key("status").integer(problem.status).key("code").string(problem.code);
    if (!problem.detail.empty()) out.key("detail").string(problem.detail);
    if (!problem.errors.empty()) {
        out.key("errors").begin_array();
        for (const auto& error : problem.errors) {
            out.begin_object();
            write_field_error(out, error);
            out.end_object();
        }
        out.end_array();
    }
    if (problem.last_status) out.key("last_status").string(to_string(*problem.last_status));
    out.end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
