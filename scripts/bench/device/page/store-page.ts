/** The page that measures the store and the readers where they live: in a worker, on the browser's IndexedDB. */
import { measureAppend } from './append.ts';
import { measureBarePut } from './bare-put.ts';
import { measureDocuments } from './documents/measure-documents.ts';
import { measureFill } from './fill.ts';
import { measureLog } from './log-bytes.ts';
import { measureOpen } from './open-conversation.ts';
import type { Figures, Question } from './questions.ts';
import { measureSearch } from './search.ts';

function answer(question: Question): Promise<Figures> {
  switch (question.figure) {
    case 'fill':
      return measureFill(question, question.plan);
    case 'open':
      return measureOpen(question);
    case 'append':
      return measureAppend(question, question.count);
    case 'log':
      return measureLog(question, question.count);
    case 'search':
      return measureSearch(question, question.plan, question.queries);
    case 'bare-put':
      return measureBarePut(question.count);
    case 'documents':
      return measureDocuments(question.layout, question.count);
  }
}

if (typeof window === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<Question>) => {
    void answer(data).then(
      (figures) => self.postMessage({ figures }),
      (error: unknown) => self.postMessage({ error: error instanceof Error ? error.stack : String(error) }),
    );
  };
} else {
  window.measure = (question) =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/page.js', { type: 'module' });
      worker.onmessage = ({ data }: MessageEvent<{ figures: Figures } | { error: string }>) => {
        worker.terminate();
        if ('figures' in data) resolve(data.figures);
        else reject(new Error(data.error));
      };
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(question);
    });
}
