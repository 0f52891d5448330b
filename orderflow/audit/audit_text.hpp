// What `orderflow audit` prints: a table for people, one line of JSON for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/audit/report.hpp"
#include "libs/audit/snapshot.hpp"

namespace orderflow {

struct AuditSummary {
    std::string data;                  // the directory, and the database if the store is one
    std::uint64_t ledgers = 0;         // files
    std::uint64_t runs = 0;            // of load, in those files
    std::uint64_t waiting = 0;         // messages in all queues
    std::vector<std::string> notes{};  // what the audit could not judge, and why
};

// Every kind of finding with its count, the places by name, and a verdict.
std::string audit_text(const AuditSummary& summary, const audit::Report& report);

// {"sound":true,"lost":0,...,"seen":{...},"waiting":0,"findings":[{"kind":..,"subject":..,"what":..}],"notes":[]}
std::string audit_json(const AuditSummary& summary, const audit::Report& report);

}  // namespace orderflow
