// Feeds bytes to the reader of XML, and to what reads answers of Amazon SNS with it. What must hold for every input: it
// answers; what is read keeps its limits; and what is read is read again from its own text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "libs/aws/sns_codec.hpp"
#include "libs/aws/sns_fault.hpp"
#include "libs/aws/xml_document.hpp"
#include "libs/base/invariant.hpp"

namespace {

using namespace orderflow::aws;

struct Measure {
    std::size_t elements = 0;
    std::size_t depth = 0;
};

void write(std::string& out, const XmlElement& element) {
    out.append("<").append(element.name).append(">");
    for (const char c : element.text) {
        switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            default: out += c;
        }
    }
    for (const auto& child : element.children) write(out, child);
    out.append("</").append(element.name).append(">");
}

void measure(Measure& all, const XmlElement& element, std::size_t depth) {
    ++all.elements;
    if (depth > all.depth) all.depth = depth;
    ORDERFLOW_INVARIANT(element.children.empty() || element.text.empty());
    for (const auto& child : element.children) measure(all, child, depth + 1);
}

bool same(const XmlElement& a, const XmlElement& b) {
    if (a.name != b.name || a.text != b.text || a.children.size() != b.children.size()) return false;
    for (std::size_t i = 0; i < a.children.size(); ++i) {
        if (!same(a.children[i], b.children[i])) return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const XmlLimits limits;
    if (const auto read = read_xml(text)) {
        Measure all;
        measure(all, *read, 1);
        ORDERFLOW_INVARIANT(all.elements <= limits.elements && all.depth <= limits.depth);
        std::string again;
        write(again, *read);
        const auto second = read_xml(again, {.bytes = again.size()});
        ORDERFLOW_INVARIANT(second && same(*read, *second));
    }
    if (const auto answers = read_publish_batch(text, 3)) ORDERFLOW_INVARIANT(answers->size() == 3);
    ORDERFLOW_INVARIANT(!read_sns_fault(400, {}, text).error.code().empty());
    return 0;
}
