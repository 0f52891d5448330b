#include "chaos/rig/ledger.hpp"

#include <stdexcept>
#include <utility>

#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {
namespace {

template <class T>
T value_of(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace

std::vector<audit::Attempt> read_attempts(const std::filesystem::path& ledger) {
    return value_of(load::read_ledger(ledger.string())).history.attempts;
}

OwnLedger::OwnLedger(const std::filesystem::path& file)
    : writer_(value_of(load::LedgerWriter::open(file.string(), "chaos-rig", SystemClock().wall()))) {}

void OwnLedger::add(const audit::Attempt& attempt) {
    writer_.add(attempt);
    value_of(writer_.flush());
}

void OwnLedger::finish() { value_of(writer_.finish()); }

}  // namespace orderflow::chaos
