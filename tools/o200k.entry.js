// What is bundled into static/vendor/o200k.min.js: the byte pair encoding of o200k, without its table of ranks.
export {GptEncoding} from 'gpt-tokenizer/GptEncoding';
