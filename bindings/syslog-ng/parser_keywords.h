/* parser_keywords.h: the words of `anonlog()`, and the grammar that reads them. */
#ifndef ANONLOG_SYSLOG_NG_PARSER_KEYWORDS_H
#define ANONLOG_SYSLOG_NG_PARSER_KEYWORDS_H

#include <cfg-lexer.h>
#include <cfg-parser.h>
#include <parser/parser-expr.h>

extern CfgParser anonlog_words;

CFG_PARSER_DECLARE_LEXER_BINDING(parser_grammar_, PARSER_GRAMMAR_, LogParser **)

#endif
