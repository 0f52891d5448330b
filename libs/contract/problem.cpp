#include "libs/contract/problem.hpp"

#include "libs/json/writer.hpp"

namespace orderflow::contract {

std::string encode_problem(const Problem& problem) {
    json::Writer out;
    out.begin_object();
    out.key("type").string("urn:orderflow:problem:" + problem.code);
    out.key("title").string(problem.title).key("status").integer(problem.status).key("code").string(problem.code);
    if (!problem.detail.empty()) out.key("detail").string(problem.detail);
    if (!problem.errors.empty()) {
        out.key("errors").begin_array();
        for (const auto& error : problem.errors) {
            out.begin_object().key("pointer").string(error.pointer).key("code").string(to_string(error.rule));
            out.key("detail").string(error.detail).end_object();
        }
        out.end_array();
    }
    if (problem.last_status) out.key("last_status").string(to_string(*problem.last_status));
    out.end_object();
    return std::move(out).take();
}

}  // namespace orderflow::contract
